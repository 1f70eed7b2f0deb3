using Microsoft.AspNetCore.Identity;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Limits;

namespace Xeno.Portal.Sessions;

/// <summary>
/// The one place where a password is compared. Each guess is counted before it is compared, so of many at the same time no more are
/// compared than the limit allows; a right one is taken out of the count again. An unknown account takes as long as a known one.
/// </summary>
public sealed class PasswordChecks(
    UserManager<Account> accounts, IPasswordHasher<Account> hasher, PasswordWork work, WrongGuesses guesses, KeyedLock locks)
{
    // For unknown accounts. To verify a password against any hash takes as long as against a real one.
    private static readonly Account s_noAccount = new();
    private static string? s_anyHash;

    /// <summary>Compares the password of an account.</summary>
    /// <param name="account">Null: there is no such account, or it must not sign in.</param>
    /// <param name="guess">What is counted. A right password ends the count.</param>
    /// <exception cref="TooBusyException">The processors are busy with other passwords. The guess is not counted.</exception>
    public async Task<PasswordAnswer> CheckAsync(Account? account, string password, Guess guess)
    {
        // One at a time for each account: of several right ones at the same time, none is taken for a wrong one before it was compared.
        using (await locks.EnterAsync(guess.Key))
        {
            var counted = await guesses.BeginAsync(guess);
            if (!counted.IsOver)
                return await CompareAsync(account, password, guess, counted.IsLast);
        }

        await CompareWithNothingAsync(password);
        return PasswordAnswer.TooMany;
    }

    private async Task<PasswordAnswer> CompareAsync(Account? account, string password, Guess guess, bool isLast)
    {
        try
        {
            if (account is null)
                await CompareWithNothingAsync(password);
            else if (await accounts.CheckPasswordAsync(account, password))
            {
                await guesses.ForgetAsync(guess);
                return PasswordAnswer.Right;
            }

            return isLast ? PasswordAnswer.WrongAndLast : PasswordAnswer.Wrong;
        }
        catch (TooBusyException)
        {
            await guesses.TakeBackAsync(guess);
            throw;
        }
    }

    private Task<PasswordVerificationResult> CompareWithNothingAsync(string password) => work.RunAsync(() =>
    {
        s_anyHash ??= hasher.HashPassword(s_noAccount, Guid.NewGuid().ToString());
        return hasher.VerifyHashedPassword(s_noAccount, s_anyHash, password);
    });
}

/// <summary>The result of comparing a password.</summary>
public enum PasswordAnswer
{
    Right,

    Wrong,

    /// <summary>Wrong, and no further guess is compared for a while.</summary>
    WrongAndLast,

    /// <summary>Not compared: there were too many wrong ones before.</summary>
    TooMany,
}
