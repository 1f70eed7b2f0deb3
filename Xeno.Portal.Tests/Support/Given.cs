using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Seeding;
using Xeno.Portal.Sessions;

namespace Xeno.Portal.Tests.Support;

/// <summary>What must be there before a test acts, made through the portal's own services.</summary>
public static class Given
{
    public const string Password = "Correct-horse-7";

    /// <summary>The password after <see cref="ChangePasswordAsync"/>.</summary>
    public const string NewPassword = "Another-horse-8";

    // Hashing is slow on purpose, so all accounts share one password and its hash.
    private static readonly string s_passwordHash = new PasswordHasher<Account>().HashPassword(new Account(), Password);

    /// <summary>A new account for the calling test.</summary>
    public static async Task<GivenAccount> AccountAsync(this PortalFactory portal)
    {
        var (id, email) = await portal.CreateAsync();
        return new GivenAccount(id, email, await portal.ActorAsync(id));
    }

    /// <summary>An account with the demo account's widgets, FAQs, contacts and conversations.</summary>
    public static async Task<GivenAccount> SampleAccountAsync(this PortalFactory portal)
    {
        var account = await portal.AccountAsync();
        await portal.AskDatabaseAsync(database =>
        {
            database.AddRange(DemoData.For(account.Id, portal.Time.GetUtcNow()));
            return database.SaveChangesAsync();
        });
        return account;
    }

    /// <summary>Changes the password of <paramref name="account"/> to <see cref="NewPassword"/>, as its owner would.</summary>
    public static Task ChangePasswordAsync(this PortalFactory portal, GivenAccount account) => portal.InScopeAsync(async services =>
    {
        var accounts = services.GetRequiredService<UserManager<Account>>();
        var changed = await accounts.ChangePasswordAsync((await accounts.FindByIdAsync(account.Id))!, Password, NewPassword);
        Assert.True(changed.Succeeded, string.Join(", ", changed.Errors.Select(error => error.Description)));
    });

    private static Task<(string Id, string Email)> CreateAsync(this PortalFactory portal) => portal.InScopeAsync(async services =>
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var account = new Account
        {
            UserName = email,
            Email = email,
            PasswordHash = s_passwordHash,
            CreatedAt = services.GetRequiredService<TimeProvider>().GetUtcNow(),
        };
        var made = await services.GetRequiredService<UserManager<Account>>().CreateAsync(account);
        Assert.True(made.Succeeded, string.Join(", ", made.Errors.Select(error => error.Description)));
        return (account.Id, email);
    });
}

/// <summary>An account for a test; its password is <see cref="Given.Password"/>.</summary>
/// <param name="Actor">The account in a session that started when it was made.</param>
public sealed record GivenAccount(string Id, string Email, Actor Actor);
