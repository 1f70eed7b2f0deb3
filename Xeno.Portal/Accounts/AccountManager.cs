using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.History;
using Xeno.Portal.History;

namespace Xeno.Portal.Accounts;

/// <summary>
/// The framework's account manager, which also writes into the history that an account was locked, in the same transaction.
/// </summary>
internal sealed class AccountManager(
    IUserStore<Account> store, IOptions<IdentityOptions> optionsAccessor, IPasswordHasher<Account> passwordHasher,
    IEnumerable<IUserValidator<Account>> userValidators, IEnumerable<IPasswordValidator<Account>> passwordValidators,
    ILookupNormalizer keyNormalizer, IdentityErrorDescriber errors, IServiceProvider services, ILogger<UserManager<Account>> logger,
    PortalDbContext database, IHttpContextAccessor requests, TimeProvider time)
    : UserManager<Account>(
        store, optionsAccessor, passwordHasher, userValidators, passwordValidators, keyNormalizer, errors, services, logger)
{
    /// <inheritdoc />
    public override async Task<IdentityResult> AccessFailedAsync(Account user)
    {
        if (await GetAccessFailedCountAsync(user) + 1 < Options.Lockout.MaxFailedAccessAttempts)
            return await base.AccessFailedAsync(user);

        database.History.Add(new HistoryEntry
        {
            At = time.GetUtcNow(), Kind = HistoryKinds.AccountLocked.Name, AccountId = user.Id, Actor = HistoryActor.Portal,
            Device = requests.HttpContext is { } context ? DeviceName.Of(context.Request) : null,
        });
        var result = await base.AccessFailedAsync(user); // Saves the account, and the entry with it.
        if (!result.Succeeded)
            database.ChangeTracker.Clear();
        return result;
    }
}
