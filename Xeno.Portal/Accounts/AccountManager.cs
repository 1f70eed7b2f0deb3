using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Limits;
using Xeno.Portal.Sessions;
using Xeno.Portal.Text;

namespace Xeno.Portal.Accounts;

/// <summary>
/// The framework's account manager with four rules of ours. Passwords are hashed by <see cref="PasswordWork"/>, not on the threads that
/// serve requests. An account is created with an address that <see cref="EmailAddress"/> takes, in the form in which that keeps it; the
/// address is its name too. Of several registrations of one address at the same time one creates the account, and the others are refused
/// like any later one. And when the security stamp changes, which ends the account's sessions, their open pages are notified.
/// </summary>
internal sealed class AccountManager(
    IUserStore<Account> store, IOptions<IdentityOptions> optionsAccessor, IPasswordHasher<Account> passwordHasher,
    IEnumerable<IUserValidator<Account>> userValidators, IEnumerable<IPasswordValidator<Account>> passwordValidators,
    ILookupNormalizer keyNormalizer, IdentityErrorDescriber errors, IServiceProvider services, ILogger<UserManager<Account>> logger,
    PortalDbContext database, PasswordWork work, SessionChanges sessions)
    : UserManager<Account>(
        store, optionsAccessor, passwordHasher, userValidators, passwordValidators, keyNormalizer, errors, services, logger)
{
    /// <inheritdoc />
    /// <exception cref="TooBusyException">The processors are busy with other passwords. Nothing was created.</exception>
    public override async Task<IdentityResult> CreateAsync(Account user, string password)
    {
        if (await ValidatePasswordAsync(user, password) is { Succeeded: false } refused)
            return refused;

        user.PasswordHash = await work.RunAsync(() => PasswordHasher.HashPassword(user, password));
        try
        {
            return await CreateAsync(user);
        }
        catch (DbUpdateException) when (database.Entry(user).State is EntityState.Added)
        {
            database.ChangeTracker.Clear();
            if (await FindByNameAsync(user.UserName!) is null)
                throw;
            return IdentityResult.Failed(ErrorDescriber.DuplicateEmail(user.Email!));
        }
    }

    /// <inheritdoc />
    public override async Task<IdentityResult> CreateAsync(Account user)
    {
        var (address, problem) = EmailAddress.Read(user.Email ?? "");
        if (address is null)
            return IdentityResult.Failed(
                new IdentityError { Code = nameof(IdentityErrorDescriber.InvalidEmail), Description = problem! });

        user.UserName = user.Email = address;
        return await base.CreateAsync(user);
    }

    /// <inheritdoc />
    protected override async Task<PasswordVerificationResult> VerifyPasswordAsync(
        IUserPasswordStore<Account> store, Account user, string password)
        => await store.GetPasswordHashAsync(user, CancellationToken) is { } hash
            ? await work.RunAsync(() => PasswordHasher.VerifyHashedPassword(user, hash, password))
            : PasswordVerificationResult.Failed;

    /// <inheritdoc />
    protected override async Task<IdentityResult> UpdateUserAsync(Account user)
    {
        var endsSessions = database.Entry(user).Property(account => account.SecurityStamp).IsModified;
        var result = await base.UpdateUserAsync(user);
        if (endsSessions && result.Succeeded)
            sessions.Publish(user.Id);
        return result;
    }
}
