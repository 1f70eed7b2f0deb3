using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.History;
using Xeno.Portal.Limits;
using Xeno.Portal.Sessions;

namespace Xeno.Portal.Accounts;

/// <summary>
/// What log-in and registration share: limits, and the rule that known and unknown e-mail addresses get the same answer in the same time.
/// </summary>
internal sealed class SignIn(
    AccountSignInManager session, UserManager<Account> accounts, PortalDbContext database, PasswordChecks passwords, Lockout lockout,
    SessionTickets sessions, KnownDevices devices, WrongGuesses guesses, RateLimits limits, HistoryLedger history, TimeProvider time,
    IOptions<AccountRateLimits> rateLimits)
{
    /// <summary>One text for every failure, so that it does not reveal which addresses have an account.</summary>
    public const string Refusal =
        "The e-mail address or the password is wrong, or there were too many attempts. Check both, or try again in a few minutes.";

    /// <summary>
    /// Signs in, or returns why not. A wrong password counts towards the lockout of the account or of the known device
    /// (<see cref="Lockout"/>), and always towards the limit of the client's address.
    /// </summary>
    public async Task<SignInOutcome> WithPasswordAsync(HttpContext context, string email, string password, bool remember)
    {
        var fromHere = rateLimits.Value.WrongPasswords(context);
        if ((limits.TakeFrom(rateLimits.Value.LogIn, context) ?? (await guesses.BeginAsync(fromHere)).Wait) is { } wait)
            return Noted(SignInOutcome.Limited(wait), "limited");

        try
        {
            var account = await accounts.FindByEmailAsync(email);
            var guess = await lockout.GuessAsync(context, account, email);
            var answer = await passwords.CheckAsync(account is { SuspendedAt: null } ? account : null, password, guess);
            if (answer is PasswordAnswer.Right && (await session.AfterPasswordAsync(account!, remember)).Succeeded)
            {
                await guesses.TakeBackAsync(fromHere);
                await devices.RememberAsync(context, account!.Id, account.SecurityStamp!);
                return Noted(SignInOutcome.Done, "done");
            }

            if (answer is PasswordAnswer.WrongAndLast && account is not null)
                await history.WriteAsync(
                    HistoryKinds.AccountLocked, account.Id, HistoryActor.Portal, DeviceName.Of(context.Request), time.GetUtcNow());
            return Noted(SignInOutcome.Refused, "refused");
        }
        catch (TooBusyException)
        {
            await guesses.TakeBackAsync(fromHere);
            return Noted(SignInOutcome.TooBusy, "limited");
        }
    }

    /// <summary>
    /// Whether the form need not be shown: somebody opened the page, or sent a form that was not taken, who is signed in already.
    /// </summary>
    public async Task<bool> IsSignedInAsync(HttpContext context)
        => HttpMethods.IsGet(context.Request.Method) && await sessions.IsSignedInAsync(context);

    /// <summary>
    /// Creates an account and signs it in. The account and its history entry are saved together. An address that has an account already
    /// is a log-in when the password is right: the button was pressed twice, or the person had forgotten the account. When the result has
    /// errors, nothing is saved.
    /// </summary>
    /// <exception cref="TooBusyException">The processors are busy with other passwords. Nothing is saved.</exception>
    public async Task<IdentityResult> CreateAsync(HttpContext context, string email, string password)
    {
        var account = new Account { UserName = email, Email = email, CreatedAt = time.GetUtcNow() };
        database.History.Add(new HistoryEntry
        {
            At = time.GetUtcNow(), Kind = HistoryKinds.AccountCreated.Name, AccountId = account.Id, Actor = HistoryActor.Account,
            Device = DeviceName.Of(context.Request),
        });
        var made = await accounts.CreateAsync(account, password);
        if (!made.Succeeded)
        {
            database.ChangeTracker.Clear(); // The entry of an account that was not created must not be saved with something else.
            return made.Errors.Any(IsTaken) && (await WithPasswordAsync(context, email, password, remember: false)).Succeeded
                ? IdentityResult.Success
                : made;
        }

        await session.SignInAsync(account, isPersistent: false);
        await devices.RememberAsync(context, account.Id, account.SecurityStamp!);
        AccountMetrics.Registered();
        return made;
    }

    /// <summary>Whether a registration was refused because the address has an account.</summary>
    public static bool IsTaken(IdentityError error)
        => error.Code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName);

    /// <summary>How long to wait before another account can be created from this address; null: no wait.</summary>
    public TimeSpan? WaitToRegister(HttpContext context) => limits.TakeFrom(rateLimits.Value.Registration, context);

    private static SignInOutcome Noted(SignInOutcome outcome, string inMetrics)
    {
        AccountMetrics.LoggedIn(inMetrics);
        return outcome;
    }
}

/// <summary>How a log-in ended.</summary>
/// <param name="Wait">How long to wait, because there were too many attempts from this address; null when that is not the reason.</param>
/// <param name="IsTooBusy">Whether the password was not compared, because the processors are busy with others.</param>
internal sealed record SignInOutcome(bool Succeeded, TimeSpan? Wait = null, bool IsTooBusy = false)
{
    public static SignInOutcome Done { get; } = new(true);

    public static SignInOutcome Refused { get; } = new(false);

    public static SignInOutcome TooBusy { get; } = new(false, IsTooBusy: true);

    public static SignInOutcome Limited(TimeSpan wait) => new(false, wait);
}
