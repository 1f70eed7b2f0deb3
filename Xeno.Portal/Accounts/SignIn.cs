using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.History;
using Xeno.Portal.History;
using Xeno.Portal.Http;
using Xeno.Portal.Limits;

namespace Xeno.Portal.Accounts;

/// <summary>
/// What log-in and registration share: limits, the form's targets, and the rule that known and unknown e-mail addresses get the same answer
/// in the same time.
/// </summary>
internal sealed class SignIn(
    AccountSignInManager session, UserManager<Account> accounts, PortalDbContext database, IPasswordHasher<Account> hasher,
    KnownDevices devices, WrongGuesses guesses, RateLimits limits, HistoryLedger history, TimeProvider time,
    IOptions<AccountsOptions> options, IOptions<AccountRateLimits> rateLimits)
{
    /// <summary>One text for every failure, so that it does not reveal which addresses have an account.</summary>
    public const string Refusal =
        "The e-mail address or the password is wrong, or there were too many attempts. Check both, or try again in a few minutes.";

    // For unknown addresses. To verify a password against any hash takes as long as against a real one.
    private static readonly Account s_noAccount = new();
    private static string? s_dummyHash;

    /// <summary>
    /// Signs in, or returns why not. A wrong password counts towards the account's lockout, or, on a known device, towards the limit of
    /// that device; and always towards the limit of the client's address.
    /// </summary>
    public async Task<SignInOutcome> WithPasswordAsync(HttpContext context, string email, string password, bool remember)
    {
        var fromHere = rateLimits.Value.WrongPasswords(ClientAddress.Of(context));
        if ((limits.Take(rateLimits.Value.LogIn, ClientAddress.Of(context)) ?? await guesses.WaitAsync(fromHere)) is { } wait)
            return Noted(SignInOutcome.Limited(wait), "limited");

        var account = await accounts.FindByEmailAsync(email);
        var onDevice = account is not null && devices.Find(context, account.Id) is { } device ? OnDevice(device) : (Guess?)null;
        session.IsOnKnownDevice = onDevice is { } known && await guesses.WaitAsync(known) is null;

        if (account is null || account.SuspendedAt is not null || (!session.IsOnKnownDevice && await accounts.IsLockedOutAsync(account)))
        {
            s_dummyHash ??= hasher.HashPassword(s_noAccount, Guid.NewGuid().ToString());
            hasher.VerifyHashedPassword(s_noAccount, s_dummyHash, password);
            await guesses.CountAsync(fromHere);
            return Noted(SignInOutcome.Refused, "refused");
        }

        var result = await session.PasswordSignInAsync(account, password, remember, lockoutOnFailure: !session.IsOnKnownDevice);
        if (result.Succeeded)
        {
            devices.Remember(context, account.Id);
            await history.WriteAsync(
                HistoryKinds.SessionStarted, account.Id, HistoryActor.Account, DeviceName.Of(context.Request), time.GetUtcNow());
            return Noted(SignInOutcome.Done, "done");
        }

        await guesses.CountAsync(fromHere);
        if (session.IsOnKnownDevice)
            await guesses.CountAsync(onDevice!.Value);
        return Noted(SignInOutcome.Refused, "refused");
    }

    /// <summary>
    /// Creates an account and signs it in. The account and its first history entries are saved together. When the result has errors,
    /// nothing is saved.
    /// </summary>
    public async Task<IdentityResult> CreateAsync(HttpContext context, string email, string password)
    {
        var account = new Account { UserName = email, Email = email, CreatedAt = time.GetUtcNow() };
        database.History.AddRange(
            Entry(HistoryKinds.AccountCreated, account, context), Entry(HistoryKinds.SessionStarted, account, context));
        var made = await accounts.CreateAsync(account, password);
        if (!made.Succeeded)
        {
            database.ChangeTracker.Clear(); // The entries of an account that was not created must not be saved with something else.
            return made;
        }

        await session.SignInAsync(account, isPersistent: false);
        devices.Remember(context, account.Id);
        AccountMetrics.Registered();
        return made;
    }

    /// <summary>How long to wait before another account can be created from this address; null: no wait.</summary>
    public TimeSpan? WaitToRegister(HttpContext context) => limits.Take(rateLimits.Value.Registration, ClientAddress.Of(context));

    /// <summary>
    /// Allows the form to end at the app's redirect URI. A log-in may lead through authorize straight to an app, and browsers apply the
    /// policy's <c>form-action</c> to every redirect on the way.
    /// </summary>
    public static void LetFormLeadOn(HttpContext context, string returnUrl)
    {
        if (!returnUrl.StartsWith(PortalUrls.Authorize, StringComparison.OrdinalIgnoreCase))
            return;

        var query = QueryHelpers.ParseQuery(returnUrl.Split('?', 2).ElementAtOrDefault(1));
        if (query.TryGetValue("redirect_uri", out var redirectUri) && redirectUri is [{ Length: > 0 } only])
            context.Policy().AllowFormToLeadTo(only);
        else
            context.Policy().AllowFormToLeadToAnyWebApp();
    }

    private HistoryEntry Entry(HistoryKind kind, Account account, HttpContext context) => new()
    {
        At = time.GetUtcNow(), Kind = kind.Name, AccountId = account.Id, Actor = HistoryActor.Account,
        Device = DeviceName.Of(context.Request),
    };

    private Guess OnDevice(string device) => new(
        $"password on {device}", options.Value.LockoutAfter, options.Value.LockoutTime, IsLockout: true);

    private static SignInOutcome Noted(SignInOutcome outcome, string inMetrics)
    {
        AccountMetrics.LoggedIn(inMetrics);
        return outcome;
    }
}

/// <summary>How a log-in ended.</summary>
/// <param name="Wait">How long to wait, because there were too many attempts from this address; null when that is not the reason.</param>
internal sealed record SignInOutcome(bool Succeeded, TimeSpan? Wait = null)
{
    public static SignInOutcome Done { get; } = new(true);

    public static SignInOutcome Refused { get; } = new(false);

    public static SignInOutcome Limited(TimeSpan wait) => new(false, wait);
}
