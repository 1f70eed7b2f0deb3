using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.Guesses;
using Xeno.Portal.Data.Mail;
using Xeno.Portal.Data.Sessions;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Data.Seeding;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Data.Moving;

/// <summary>
/// A portal on SQLite with rows in every table, values of every kind, and a token, a code and a session that must work after the move.
/// </summary>
internal sealed class FullStore : IAsyncDisposable
{
    private FullStore(PortalFactory portal) => Portal = portal;

    public PortalFactory Portal { get; }

    public GivenAccount Account { get; private set; } = null!;

    public GivenApp App { get; private set; } = null!;

    /// <summary>A browser with a session.</summary>
    public HttpClient Browser { get; private set; } = null!;

    public string Token { get; private set; } = "";

    public string RevokedToken { get; private set; } = "";

    /// <summary>A code that is not exchanged yet.</summary>
    public string Code { get; private set; } = "";

    public UserPasskeyInfo Passkey { get; private set; } = null!;

    public static async Task<FullStore> NewAsync()
    {
        // A writer of this portal waits at most one second for another one.
        var store = new FullStore(new PortalFactory());
        store.Portal.Settings["Database:ConnectionString"] = $"Data Source={store.Portal.DatabaseFile};Default Timeout=1";
        await store.FillAsync();
        return store;
    }

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    private async Task FillAsync()
    {
        Account = await Portal.AccountAsync();
        App = await Portal.AppAsync(Account, "https://app.example/callback");
        Browser = await Portal.BrowserOfAsync(Account);
        var rp = new RelyingParty(Portal, App);
        Token = await rp.InstallAsync(Browser);
        RevokedToken = await rp.InstallAsync(Browser);
        await rp.RevokeAsync(RevokedToken);
        await rp.CallAsync(Token);
        Code = await rp.CodeAsync(Browser, ("prompt", "consent"));

        await Portal.InScopeAsync(AddToAccountAsync);
        await Portal.AskDatabaseAsync(async database =>
        {
            var now = Portal.Time.GetUtcNow().AddTicks(7); // PostgreSQL stores only microseconds.
            var app = await database.Apps.SingleAsync(app => app.ClientId == App.ClientId);
            app.SecretRotatedAt = new DateTimeOffset(1969, 7, 20, 20, 17, 40, TimeSpan.Zero).AddTicks(3);
            app.Description = "Zeile eins\nZeile zwei 😀 \"'\\ \u0085";
            database.AppLogos.Add(new AppLogo { AppId = app.Id!, Bytes = [0, 1, 255], ContentType = "image/png", UpdatedAt = now });
            database.AddRange(DemoData.For(Account.Id, now));
            database.GuessCounts.Add(new GuessCount { Key = "of a test", Count = 3, EndsAt = now.AddMinutes(5) });
            database.KnownDevices.Add(new KnownDevice { KeyHash = "of a test", AccountId = Account.Id, Stamp = "s", SignedInAt = now });
            database.OutgoingMails.Add(new OutgoingMail
            {
                Class = MailClass.Security, Recipient = "ægir@example.com", RecipientHash = "of a test", Subject = "Späte Nachricht",
                Text = "Zeile eins\nZeile zwei 😀", Html = "<p>&amp;</p>", QueuedAt = now, NextTryAt = now.AddDays(1), Tries = 3,
                LastError = "The mail server cannot be reached.",
            });
            database.Set<ScopeRecord>().Add(new ScopeRecord { Id = "scope", Name = "none of ours" });
            return await database.SaveChangesAsync();
        });
    }

    private async Task AddToAccountAsync(IServiceProvider services)
    {
        var accounts = services.GetRequiredService<UserManager<Account>>();
        var account = (await accounts.FindByIdAsync(Account.Id))!;
        account.DisplayName = "Ægir \U0001F40B";
        Passkey = new UserPasskeyInfo(
            credentialId: [9, 8, 7], publicKey: [1, 2, 3], createdAt: Portal.Time.GetUtcNow().AddTicks(7), signCount: 4_000_000_000,
            transports: ["internal", "hybrid"], isUserVerified: true, isBackupEligible: false, isBackedUp: true,
            attestationObject: [4, 5], clientDataJson: [6])
        {
            Name = "Key \"1\"",
        };
        Check(await accounts.AddClaimsAsync(account, [new("colour", "teal"), new("size", "")]));
        Check(await accounts.AddLoginAsync(account, new UserLoginInfo("elsewhere", "42", null)));
        Check(await accounts.SetAuthenticationTokenAsync(account, "elsewhere", "refresh", "abc"));
        Check(await accounts.AddOrUpdatePasskeyAsync(account, Passkey));
        var database = services.GetRequiredService<Portal.Data.PortalDbContext>();
        database.Roles.Add(new IdentityRole("operator") { Id = "role" });
        database.RoleClaims.Add(new IdentityRoleClaim<string> { RoleId = "role", ClaimType = "may", ClaimValue = "suspend" });
        database.UserRoles.Add(new IdentityUserRole<string> { RoleId = "role", UserId = Account.Id });
        await database.SaveChangesAsync();

        // Locked for ever: the highest DateTimeOffset is stored as infinity by PostgreSQL.
        var locked = await Portal.AccountAsync();
        Check(await accounts.SetLockoutEndDateAsync((await accounts.FindByIdAsync(locked.Id))!, DateTimeOffset.MaxValue));
    }

    private static void Check(IdentityResult result)
        => Assert.True(result.Succeeded, string.Join(", ", result.Errors.Select(error => error.Description)));
}
