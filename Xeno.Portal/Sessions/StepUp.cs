using Microsoft.AspNetCore.Identity;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Sessions;
using Xeno.Portal.Limits;

namespace Xeno.Portal.Sessions;

/// <summary>
/// "Is it still you?": an act that reveals or destroys needs a proof that the account's owner is at the keyboard, not older than ten
/// minutes. Signing in is a proof, and so is the password again. The service of the act asks for it, so it is asked for whichever way the
/// act is called.
/// </summary>
public sealed class StepUp(
    AccountSessions sessions, SessionLedger ledger, UserManager<Account> accounts, PasswordChecks passwords, TimeProvider time)
{
    /// <summary>One text for every refusal.</summary>
    public const string Refusal = "The password is wrong, or there were too many attempts. Check it, or try again in a few minutes.";

    private const int MostWrong = 10;

    /// <summary>How long a proof counts.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);

    /// <summary>Returns when the last proof of the session is fresh.</summary>
    /// <exception cref="SessionEndedException">The session is not live any more.</exception>
    /// <exception cref="ProofNeededException">The last proof is too old: ask for the password, then call the act again.</exception>
    public async Task RequireAsync(Actor actor)
    {
        if (await sessions.FindAsync(actor.SessionId) is not { } session || session.AccountId != actor.AccountId)
            throw new SessionEndedException();
        if (time.GetUtcNow() - session.ProvedAt > FreshFor)
            throw new ProofNeededException();
    }

    /// <summary>
    /// Compares the password, and notes the proof when it is right. False: it is wrong, or there were too many wrong ones.
    /// </summary>
    /// <exception cref="TooBusyException">The processors are busy with other passwords.</exception>
    public async Task<bool> ProveAsync(Actor actor, string password)
    {
        // Counted apart from log-ins: an attacker who locks the account there must not block its signed-in owner here.
        var guess = new Guess($"password again of {actor.AccountId}", MostWrong, Guess.FiveMinutes, IsLockout: true);
        var account = await accounts.FindByIdAsync(actor.AccountId);
        if (await passwords.CheckAsync(account, password, guess) is not PasswordAnswer.Right)
            return false;

        await ledger.NoteProofAsync(actor.SessionId, time.GetUtcNow());
        return true;
    }
}

/// <summary>The session in which somebody acts is not live any more. Nothing was done; the person has to sign in again.</summary>
public sealed class SessionEndedException() : Exception("The session has ended.");

/// <summary>The last proof that the account's owner acts is too old. Nothing was done; the act may be called again after a proof.</summary>
public sealed class ProofNeededException() : Exception("The password is needed again.");
