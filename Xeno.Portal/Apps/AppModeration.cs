using Microsoft.EntityFrameworkCore;
using OpenIddict.Core;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.History;
using Xeno.Portal.Grants;

namespace Xeno.Portal.Apps;

/// <summary>What an operator does to any app.</summary>
public sealed class AppModeration(
    PortalDbContext database, OpenIddictApplicationManager<RegisteredApp> clients, InstallChanges installs, TimeProvider time)
{
    /// <summary>Suspends an app: none of its requests is served until it is resumed. Its tokens stay granted, but are not usable.</summary>
    /// <param name="operatorId">The account of the operator; null when it is done from outside the portal.</param>
    public Task<AppChange> SuspendAsync(string clientId, string? operatorId = null, CancellationToken cancellationToken = default)
        => SetSuspendedAsync(clientId, time.GetUtcNow(), HistoryKinds.AppSuspended, operatorId, cancellationToken);

    /// <summary>Ends a suspension: tokens that were granted before are usable again.</summary>
    /// <inheritdoc cref="SuspendAsync" path="/param" />
    public Task<AppChange> ResumeAsync(string clientId, string? operatorId = null, CancellationToken cancellationToken = default)
        => SetSuspendedAsync(clientId, null, HistoryKinds.AppResumed, operatorId, cancellationToken);

    private async Task<AppChange> SetSuspendedAsync(
        string clientId, DateTimeOffset? at, HistoryKind kind, string? operatorId, CancellationToken cancellationToken)
    {
        var app = await database.Apps.SingleOrDefaultAsync(app => app.ClientId == clientId && app.DeletedAt == null, cancellationToken);
        if (app is null)
            return AppChange.NotFound;
        if (app.SuspendedAt is null == at is null)
            return AppChange.Done;

        app.SuspendedAt = at;
        database.History.Add(new HistoryEntry
        {
            At = time.GetUtcNow(), Kind = kind.Name, ClientId = clientId, AppName = app.DisplayName, Actor = HistoryActor.Operator,
            ActorId = operatorId,
        });
        if (await database.SaveAsync(clients, app, null, cancellationToken) is AppChange.Conflict)
            return AppChange.Conflict;

        await installs.PublishToHoldersAsync(database.Tokens.Where(token => token.ApplicationId == app.Id), cancellationToken);
        return AppChange.Done;
    }
}
