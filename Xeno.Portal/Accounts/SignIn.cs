using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Http;
using Xeno.Portal.Limits;

namespace Xeno.Portal.Accounts;

/// <summary>What log-in and registration share: the same answer and the same work for known and unknown addresses, limits, and the way on.</summary>
internal sealed class SignIn(
    AccountSignInManager session, UserManager<Account> accounts, IPasswordHasher<Account> hasher, KnownDevices devices, WrongGuesses guesses,
    RateLimits limits, IOptions<AccountsOptions> options, IOptions<AccountRateLimits> rateLimits)
{
    /// <summary>One sentence for every failure, so that it does not tell which addresses have an account.</summary>
    public const string Refusal = "The e-mail address or the password is wrong, or there were too many attempts. Check both, or try again in a few minutes.";

    // Any hash serves: verifying against it costs what a real one costs.
    private static readonly Account s_nobody = new();
    private static string? s_hashOfNothing;

    /// <summary>
    /// Signs in, or tells why not. Wrong passwords count towards the account's lockout, or, on a browser that the account knows, towards that
    /// browser's own; and always towards what one address may try.
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
            s_hashOfNothing ??= hasher.HashPassword(s_nobody, Guid.NewGuid().ToString());
            hasher.VerifyHashedPassword(s_nobody, s_hashOfNothing, password);
            await guesses.CountAsync(fromHere);
            return Noted(SignInOutcome.Refused, "refused");
        }

        var result = await session.PasswordSignInAsync(account, password, remember, lockoutOnFailure: !session.IsOnKnownDevice);
        if (result.Succeeded)
        {
            devices.Remember(context, account.Id);
            return Noted(SignInOutcome.Done, "done");
        }

        await guesses.CountAsync(fromHere);
        if (session.IsOnKnownDevice)
            await guesses.CountAsync(onDevice!.Value);
        return Noted(SignInOutcome.Refused, "refused");
    }

    /// <summary>Signs in an account that was just created.</summary>
    public async Task FirstTimeAsync(HttpContext context, Account account)
    {
        await session.SignInAsync(account, isPersistent: false);
        devices.Remember(context, account.Id);
        AccountMetrics.Registered();
    }

    /// <summary>How long to wait before another account can be created from this address; null: go on.</summary>
    public TimeSpan? WaitToRegister(HttpContext context) => limits.Take(rateLimits.Value.Registration, ClientAddress.Of(context));

    /// <summary>
    /// A log-in may lead through authorize straight to an app, and browsers check the form's target against every redirect on the way.
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

    private Guess OnDevice(string device) => new($"password on {device}", options.Value.LockoutAfter, options.Value.LockoutTime, IsLockout: true);

    private static SignInOutcome Noted(SignInOutcome outcome, string inMetrics)
    {
        AccountMetrics.LoggedIn(inMetrics);
        return outcome;
    }
}

/// <summary>How a log-in ended.</summary>
/// <param name="Wait">How long to wait because there were too many from this address; null: that is not why.</param>
internal sealed record SignInOutcome(bool Succeeded, TimeSpan? Wait = null)
{
    public static SignInOutcome Done { get; } = new(true);

    public static SignInOutcome Refused { get; } = new(false);

    public static SignInOutcome Limited(TimeSpan wait) => new(false, wait);
}
