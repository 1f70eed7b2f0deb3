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
/// The framework's account manager with rules of ours. Every password is hashed and compared by <see cref="PasswordWork"/>, also a changed
/// one, and never on the threads that serve requests. An account is created with an address that <see cref="EmailAddress"/> takes, in the
/// form in which that keeps it; the address is its name too. Of several registrations of one address at the same time one creates the
/// account, and the others are refused like any later one. And when the security stamp changes, which ends the account's sessions, their
/// open pages are notified.
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

        user.PasswordHash = await HashAsync(user, password);
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

    /// <summary>
    /// Whether the password is right. A hash that was made by weaker settings is replaced. The security stamp stays, which the framework
    /// would change: the password is the same, so no session ends.
    /// </summary>
    /// <exception cref="TooBusyException">The processors are busy with other passwords.</exception>
    public override async Task<bool> CheckPasswordAsync(Account user, string password)
    {
        var answer = await VerifyPasswordAsync(Passwords, user, password);
        if (answer is PasswordVerificationResult.SuccessRehashNeeded)
        {
            user.PasswordHash = await HashAsync(user, password);
            await UpdateUserAsync(user);
        }

        return answer is not PasswordVerificationResult.Failed;
    }

    /// <inheritdoc />
    /// <exception cref="TooBusyException">The processors are busy with other passwords. Nothing was changed.</exception>
    public override async Task<IdentityResult> ChangePasswordAsync(Account user, string currentPassword, string newPassword)
        => await VerifyPasswordAsync(Passwords, user, currentPassword) is PasswordVerificationResult.Failed
            ? IdentityResult.Failed(ErrorDescriber.PasswordMismatch())
            : await SetPasswordAsync(user, newPassword);

    /// <inheritdoc />
    /// <exception cref="TooBusyException">The processors are busy with other passwords. Nothing was changed.</exception>
    public override async Task<IdentityResult> AddPasswordAsync(Account user, string password)
        => await HasPasswordAsync(user)
            ? IdentityResult.Failed(ErrorDescriber.UserAlreadyHasPassword())
            : await SetPasswordAsync(user, password);

    /// <summary>Sets a new password and saves the account. The caller has made sure that its owner asks for it.</summary>
    /// <exception cref="TooBusyException">The processors are busy with other passwords. Nothing was changed.</exception>
    public async Task<IdentityResult> SetPasswordAsync(Account user, string password)
        => await UpdatePasswordHash(user, password, validatePassword: true) is { Succeeded: false } refused
            ? refused
            : await UpdateUserAsync(user);

    /// <summary>Sets a new password and a new security stamp, without saving them. <c>ResetPasswordAsync</c> uses it too.</summary>
    /// <exception cref="TooBusyException">The processors are busy with other passwords. Nothing was set.</exception>
    protected override async Task<IdentityResult> UpdatePasswordHash(Account user, string newPassword, bool validatePassword)
    {
        if (validatePassword && await ValidatePasswordAsync(user, newPassword) is { Succeeded: false } refused)
            return refused;

        user.PasswordHash = await HashAsync(user, newPassword);
        user.SecurityStamp = Guid.NewGuid().ToString("N");
        return IdentityResult.Success;
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

    private IUserPasswordStore<Account> Passwords => (IUserPasswordStore<Account>)Store;

    private Task<string> HashAsync(Account user, string password) => work.RunAsync(() => PasswordHasher.HashPassword(user, password));
}
