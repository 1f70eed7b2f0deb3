using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.History;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Limits;
using Xeno.Portal.Sessions;

namespace Xeno.Portal.Accounts;

/// <summary>
/// Guesses at the password of an account. After some wrong ones in a row further ones are refused for a while, also right ones. A browser
/// on which the account has signed in before has a count of its own, so that strangers cannot lock the owner out.
/// </summary>
public sealed class Lockout(KnownDevices devices, WrongGuesses guesses, ILookupNormalizer names, IOptions<AccountsOptions> options)
{
    /// <summary>What a log-in of this browser counts against.</summary>
    /// <param name="account">Null: no account has the address.</param>
    public async Task<Guess> GuessAsync(HttpContext context, Account? account, string email)
    {
        if (account is not null && await devices.FindAsync(context, account.Id) is { } device)
        {
            var onDevice = Guess($"password on {device}");
            if (await guesses.WaitAsync(onDevice) is null)
                return onDevice;
        }

        return OfAddress(email);
    }

    /// <summary>Ends a lockout before its time.</summary>
    /// <param name="entry">What the history says of it, in the same transaction; nothing when the account was not locked.</param>
    public async Task EndAsync(Account account, HistoryEntry entry)
    {
        var guess = OfAddress(account.Email!);
        var isLocked = await guesses.WaitAsync(guess) is not null;
        await guesses.ForgetAsync(guess, isLocked ? entry : null);
    }

    // By the address and not by the account's id, so that a log-in to an address without an account does the same work.
    private Guess OfAddress(string email) => Guess($"password of {TokenHash.Of(names.NormalizeEmail(email)!)}");

    private Guess Guess(string key) => new(key, options.Value.LockoutAfter, options.Value.LockoutTime, IsLockout: true);
}
