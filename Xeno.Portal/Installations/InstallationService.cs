using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.Scopes;

namespace Xeno.Portal.Installations;

/// <summary>
/// The apps installed on an account, and their end. Who acts is an argument; what belongs to another account is the same as what is not
/// there. A revocation is committed before it is told, so it holds on the very next call.
/// </summary>
public sealed partial class InstallationService(PortalDbContext database, InstallChanges changes, ILogger<InstallationService> log)
{
    /// <summary>The installed apps, by name. A suspended app's tokens are not valid, but it shows: its owner may want it gone for good.</summary>
    public async Task<IReadOnlyList<InstalledApp>> ListForAsync(string accountId, CancellationToken cancellationToken = default)
    {
        var rows = await database.Tokens.AsNoTracking()
            .Where(token => token.Subject == accountId && token.Type == TokenKinds.AccessToken && token.Status == TokenStatuses.Valid)
            .Select(token => new
            {
                token.Id, token.Scopes, token.CreationDate, token.LastUsedAt,
                App = token.Application!.ClientId!, Name = token.Application.DisplayName!, token.Application.HomepageUrl, token.Application.SuspendedAt,
                Developer = token.Application.Owner!.DisplayName ?? token.Application.Owner.Email!,
            })
            .ToListAsync(cancellationToken);

        return [.. rows.GroupBy(row => row.App).Select(app =>
        {
            var first = app.First();
            var tokens = app
                .Select(row => new InstalledToken(row.Id!, ScopeSet.FromStored(row.Scopes), Utc(row.CreationDate), row.LastUsedAt))
                .OrderByDescending(token => token.IssuedAt).ToList();
            return new InstalledApp(
                app.Key, first.Name, first.HomepageUrl, first.Developer.Split('@')[0], first.SuspendedAt is not null,
                tokens.Aggregate(ScopeSet.Empty, (all, token) => all.Union(token.Scopes)),
                tokens[^1].IssuedAt, tokens.Max(token => token.LastUsedAt), tokens);
        }).OrderBy(app => app.Name, StringComparer.OrdinalIgnoreCase).ThenBy(app => app.ClientId, StringComparer.Ordinal)];
    }

    /// <summary>Revokes one token and its grant; the app stays installed while another token lives. False: no such token on this account.</summary>
    public async Task<bool> RevokeTokenAsync(string accountId, string tokenId, CancellationToken cancellationToken = default)
    {
        var grants = database.Tokens
            .Where(token => token.Id == tokenId && token.Subject == accountId && token.Type == TokenKinds.AccessToken && token.Status == TokenStatuses.Valid)
            .Select(token => token.AuthorizationId);
        return await RevokeAsync(accountId, database.Grants.Where(grant => grants.Contains(grant.Id!)), cancellationToken) > 0;
    }

    /// <summary>
    /// Ends everything the account ever allowed the app: its tokens, and codes that still wait for their exchange. False: it was not there.
    /// </summary>
    public async Task<bool> UninstallAsync(string accountId, string clientId, CancellationToken cancellationToken = default)
    {
        var grants = database.Grants.Where(grant => grant.Subject == accountId && grant.Application!.ClientId == clientId);
        var ended = await RevokeAsync(accountId, grants, cancellationToken) > 0;
        if (ended)
            LogUninstalled(log, accountId, clientId);
        return ended;
    }

    private async Task<int> RevokeAsync(string accountId, IQueryable<AuthorizationGrant> grants, CancellationToken cancellationToken)
    {
        // The whole again when the database let another transaction go first.
        var ended = await database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            var ids = await grants.Where(grant => grant.Status == TokenStatuses.Valid).Select(grant => grant.Id!).ToListAsync(cancellationToken);

            // Grants first: an exchange that is under way holds its grant, and this waits until its token is there to be revoked.
            await database.Grants.Where(grant => ids.Contains(grant.Id!))
                .ExecuteUpdateAsync(grant => grant.SetProperty(g => g.Status, TokenStatuses.Revoked), cancellationToken);
            await database.Tokens.Where(token => ids.Contains(token.AuthorizationId) && token.Status == TokenStatuses.Valid)
                .ExecuteUpdateAsync(token => token.SetProperty(t => t.Status, TokenStatuses.Revoked), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return ids.Count;
        });

        if (ended > 0)
        {
            GrantMetrics.Ended(ended, by: "account");
            changes.Publish(accountId);
        }

        return ended;
    }

    private static DateTimeOffset Utc(DateTime? instant) => new(DateTime.SpecifyKind(instant!.Value, DateTimeKind.Utc));

    [LoggerMessage(1301, LogLevel.Information, "Account {AccountId} uninstalled app {ClientId}.")]
    private static partial void LogUninstalled(ILogger log, string accountId, string clientId);
}
