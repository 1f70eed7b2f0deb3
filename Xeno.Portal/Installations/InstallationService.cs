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
    /// <summary>How many apps a page of the list has.</summary>
    public const int AppsAtATime = 20;

    /// <summary>How many tokens of an app are listed at first.</summary>
    public const int NewestTokens = 5;

    /// <summary>
    /// The installed apps, by name, each with its newest tokens. A suspended app is listed too, because the account may want to uninstall
    /// it. An account may have very many tokens: only what is listed is read.
    /// </summary>
    /// <param name="apps">The most apps.</param>
    /// <param name="tokensOf">The most tokens of some apps, by Client ID; of the others <see cref="NewestTokens"/>.</param>
    public async Task<InstalledApps> ListForAsync(
        string accountId, int apps = AppsAtATime, IReadOnlyDictionary<string, int>? tokensOf = null,
        CancellationToken cancellationToken = default)
    {
        var granted = database.Tokens.AsNoTracking().Where(token => token.Subject == accountId).Granted();
        var found = await granted
            .GroupBy(token => token.Application!.Id)
            .Select(tokens => new
            {
                AppId = tokens.Key, Count = tokens.Count(), First = tokens.Min(token => token.CreationDate),
                LastUsed = tokens.Max(token => token.LastUsedAt),
            })
            .Join(database.Apps, tokens => tokens.AppId, app => app.Id, (tokens, app) => new
            {
                tokens.AppId, tokens.Count, tokens.First, tokens.LastUsed, app.ClientId, Name = app.DisplayName!, app.HomepageUrl,
                IsSuspended = app.SuspendedAt != null || app.Owner!.SuspendedAt != null, app.Owner!.DisplayName, app.Owner.Email,
            })
            .OrderBy(app => app.Name.ToLower()).ThenBy(app => app.ClientId).Take(apps + 1)
            .ToListAsync(cancellationToken);

        var listed = found.Take(apps).ToList();
        var ids = listed.Select(app => app.AppId).ToList();
        var scopes = (await granted.Where(token => ids.Contains(token.Application!.Id))
                .Select(token => new { AppId = token.Application!.Id, token.Scopes }).Distinct().ToListAsync(cancellationToken))
            .ToLookup(row => row.AppId, row => ScopeSet.FromStored(row.Scopes));

        var result = new List<InstalledApp>();
        foreach (var app in listed)
        {
            var most = tokensOf?.GetValueOrDefault(app.ClientId!, NewestTokens) ?? NewestTokens;
            var tokens = await granted.Where(token => token.Application!.Id == app.AppId)
                .OrderByDescending(token => token.CreationDate).ThenByDescending(token => token.Id).Take(most)
                .Select(token => new { token.Id, token.Scopes, token.CreationDate, token.LastUsedAt })
                .ToListAsync(cancellationToken);
            result.Add(new InstalledApp(
                app.ClientId!, app.Name, app.HomepageUrl, AccountNames.Shown(app.DisplayName, app.Email), app.IsSuspended,
                scopes[app.AppId].Aggregate(ScopeSet.Empty, (all, some) => all.Union(some)), Utc(app.First), app.LastUsed, app.Count,
                [.. tokens.Select(row => new InstalledToken(
                    row.Id!, ScopeSet.FromStored(row.Scopes), Utc(row.CreationDate), row.LastUsedAt))]));
        }

        return new InstalledApps(result, HasMore: found.Count > apps);
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
