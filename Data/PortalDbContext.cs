using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.Guesses;
using Xeno.Portal.Data.History;
using Xeno.Portal.Data.Mail;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Data.Resources;
using Xeno.Portal.Data.Sessions;

namespace Xeno.Portal.Data;

/// <summary>
/// The whole model in one context, because accounts, apps, grants and tokens are connected by foreign keys. Abstract: each database
/// provider has a derived context with its own migrations and mappings.
/// </summary>
public abstract class PortalDbContext(DbContextOptions options)
    : IdentityDbContext<Account, IdentityRole, string>(options), IDataProtectionKeyContext
{
    /// <summary>The people who sign in.</summary>
    public IQueryable<Account> Accounts => Users;

    public DbSet<RegisteredApp> Apps => Set<RegisteredApp>();

    public DbSet<AppLogo> AppLogos => Set<AppLogo>();

    public DbSet<AuthorizationGrant> Grants => Set<AuthorizationGrant>();

    public DbSet<IssuedToken> Tokens => Set<IssuedToken>();

    public DbSet<Widget> Widgets => Set<Widget>();

    public DbSet<Faq> Faqs => Set<Faq>();

    public DbSet<Contact> Contacts => Set<Contact>();

    public DbSet<Conversation> Conversations => Set<Conversation>();

    public DbSet<ConversationMessage> ConversationMessages => Set<ConversationMessage>();

    /// <summary>What happened. An entry is added in the transaction of its act, and never changed.</summary>
    public DbSet<HistoryEntry> History => Set<HistoryEntry>();

    /// <summary>Who is signed in, and on which browser.</summary>
    public DbSet<AccountSession> Sessions => Set<AccountSession>();

    /// <summary>Browsers on which an account has signed in before.</summary>
    public DbSet<KnownDevice> KnownDevices => Set<KnownDevice>();

    /// <summary>The outbox: a mail is added in the transaction of the act that it tells of.</summary>
    public DbSet<OutgoingMail> OutgoingMails => Set<OutgoingMail>();

    public DbSet<GuessCount> GuessCounts => Set<GuessCount>();

    /// <summary>The keys of Data Protection: cookies, antiforgery tokens and kept secrets stay valid across restarts and nodes.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <inheritdoc />
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        EnsureAppsAreReadInFull();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    /// <inheritdoc />
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        EnsureAppsAreReadInFull();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseOpenIddict<RegisteredApp, AuthorizationGrant, ScopeRecord, IssuedToken, string>();
        builder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly);
        NameIdentityTables(builder);
    }

    // For every way to save: an instance that was read in part must never be written.
    private void EnsureAppsAreReadInFull()
    {
        foreach (var app in ChangeTracker.Entries<RegisteredApp>())
            if (app.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
                app.Entity.EnsureReadInFull();
    }

    private static void NameIdentityTables(ModelBuilder builder)
    {
        builder.Entity<IdentityRole>().ToTable("Roles");
        builder.Entity<IdentityRoleClaim<string>>().ToTable("RoleClaims");
        builder.Entity<IdentityUserRole<string>>().ToTable("AccountRoles");
        builder.Entity<IdentityUserClaim<string>>().ToTable("AccountClaims");
        builder.Entity<IdentityUserLogin<string>>().ToTable("AccountLogins");
        builder.Entity<IdentityUserToken<string>>().ToTable("AccountTokens");
        builder.Entity<IdentityUserPasskey<string>>().ToTable("AccountPasskeys");
    }
}
