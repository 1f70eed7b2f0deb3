using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.Scopes;

namespace Xeno.Portal.Installations;

/// <summary>
/// Lists the apps installed on an account, and ends installs. The acting account is an argument; what belongs to another account is treated
/// as if it did not exist. <see cref="GrantEnding"/> does the ending, so it takes effect on the app's very next call.
/// </summary>
public sealed partial class InstallationService(PortalDbContext database, GrantEnding ending, ILogger<InstallationService> log)
{
    /// <summary>The installed apps, by name. A suspended app is listed too, because the account may want to uninstall it.</summary>
    public async Task<IReadOnlyList<InstalledApp>> ListForAsync(string accountId, CancellationToken cancellationToken = default)
    {
        var rows = await database.Tokens.AsNoTracking()
            .Where(token => token.Subject == accountId).Granted()
            .Select(token => new
            {
                token.Id, token.Scopes, token.CreationDate, token.LastUsedAt,
                App = token.Application!.ClientId!, Name = token.Application.DisplayName!,
                token.Application.HomepageUrl, token.Application.SuspendedAt,
                token.Application.Owner!.DisplayName, token.Application.Owner.Email,
            })
            .ToListAsync(cancellationToken);

        return [.. rows.GroupBy(row => row.App).Select(app =>
        {
            var first = app.First();
            var tokens = app
                .Select(row => new InstalledToken(row.Id!, ScopeSet.FromStored(row.Scopes), Utc(row.CreationDate), row.LastUsedAt))
                .OrderByDescending(token => token.IssuedAt).ToList();
            return new InstalledApp(
                app.Key, first.Name, first.HomepageUrl, AccountNames.Shown(first.DisplayName, first.Email), first.SuspendedAt is not null,
                tokens.Aggregate(ScopeSet.Empty, (all, token) => all.Union(token.Scopes)),
                tokens[^1].IssuedAt, tokens.Max(token => token.LastUsedAt), tokens);
        }).OrderBy(app => app.Name, StringComparer.OrdinalIgnoreCase).ThenBy(app => app.ClientId, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Revokes one token and its grant; the app stays installed while it has another valid token. False: no such token on this account.
    /// </summary>
    public async Task<bool> RevokeTokenAsync(string accountId, string tokenId)
        => await ending.RevokeAsAccountAsync(accountId, tokenId);

    /// <summary>
    /// Ends all that the account allowed the app: its tokens, and codes that were not exchanged yet. False: there was nothing to end.
    /// </summary>
    public async Task<bool> UninstallAsync(string accountId, string clientId)
    {
        var ended = await ending.UninstallAsync(accountId, clientId);
        if (ended)
            LogUninstalled(log, accountId, clientId);
        return ended;
    }

    private static DateTimeOffset Utc(DateTime? instant) => new(DateTime.SpecifyKind(instant!.Value, DateTimeKind.Utc));

    [LoggerMessage(1301, LogLevel.Information, "Account {AccountId} uninstalled app {ClientId}.")]
    private static partial void LogUninstalled(ILogger log, string accountId, string clientId);
}
