using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Core;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Abstractions.OpenIddictExceptions;

namespace Xeno.Portal.Apps;

/// <summary>A developer's registered apps. Who acts is an argument; an app that is absent and one that is somebody else's are the same.</summary>
public sealed partial class AppRegistry(
    PortalDbContext database, OpenIddictApplicationManager<RegisteredApp> clients, ClientSecretVault vault, InstallChanges installs,
    TimeProvider time, ILogger<AppRegistry> log)
{
    /// <summary>Registers an app. Its secret is in the answer and, unless the vault keeps a copy, nowhere else.</summary>
    public async Task<Registration> RegisterAsync(string ownerId, AppForm form, CancellationToken cancellationToken = default)
    {
        if (AppFormReader.Read(form, out var problems) is not { } read)
            return new Registration(null, null, problems);

        var app = new RegisteredApp
        {
            OwnerId = ownerId,
            ClientId = ClientCredentials.NewClientId(),
            ClientType = read.HasSecret ? ClientTypes.Confidential : ClientTypes.Public,
            ConsentType = ConsentTypes.Explicit,
            CreatedAt = time.GetUtcNow(),
        };
        Fill(app, read);

        if (!read.HasSecret)
        {
            await clients.CreateAsync(app, cancellationToken);
            return new Registration(app.ClientId, null, problems);
        }

        var secret = ClientCredentials.NewSecret();
        KeepSecret(app, secret);
        await clients.CreateAsync(app, secret, cancellationToken);
        return new Registration(app.ClientId, secret, problems);
    }

    /// <summary>The developer's apps, newest first.</summary>
    public async Task<IReadOnlyList<AppSummary>> ListForAsync(string ownerId, CancellationToken cancellationToken = default)
        => await database.Apps.AsNoTracking().Where(app => app.OwnerId == ownerId).OrderByDescending(app => app.CreatedAt)
            .Select(app => new AppSummary(
                app.ClientId!, app.DisplayName!, app.ClientType == ClientTypes.Confidential, app.CreatedAt,
                database.Tokens.Where(t => t.ApplicationId == app.Id && t.Type == TokenKinds.AccessToken && t.Status == TokenStatuses.Valid)
                    .Select(t => t.Subject).Distinct().Count(),
                app.SuspendedAt != null))
            .ToListAsync(cancellationToken);

    /// <summary>One app of this owner, or null.</summary>
    public async Task<AppDetails?> FindAsync(string ownerId, string clientId, CancellationToken cancellationToken = default)
    {
        var app = await database.Apps.AsNoTracking().SingleOrDefaultAsync(app => app.ClientId == clientId && app.OwnerId == ownerId, cancellationToken);
        if (app is null)
            return null;

        var installs = await database.Tokens
            .Where(t => t.ApplicationId == app.Id && t.Type == TokenKinds.AccessToken && t.Status == TokenStatuses.Valid)
            .Select(t => t.Subject).Distinct().CountAsync(cancellationToken);
        return new AppDetails(
            clientId, app.DisplayName!, RedirectUrisOf(app), app.HomepageUrl, app.Description, app.ClientType == ClientTypes.Confidential,
            app.CreatedAt, app.SecretCreatedAt, app.PreviousSecretHash is null ? null : app.SecretRotatedAt, app.ProtectedSecret is not null,
            installs, app.SuspendedAt is not null, app.ConcurrencyToken);
    }

    /// <summary>Changes name, redirect URIs, homepage and description; nothing when the form has problems.</summary>
    public async Task<(AppChange Change, AppFormProblems Problems)> EditAsync(
        string ownerId, string clientId, AppForm form, CancellationToken cancellationToken = default)
    {
        if (await OwnAsync(ownerId, clientId, cancellationToken) is not { } app)
            return (AppChange.NotFound, new AppFormProblems(null, null, null, null));

        form.HasSecret = app.ClientType == ClientTypes.Confidential;
        if (AppFormReader.Read(form, out var problems) is not { } read)
            return (AppChange.Done, problems);
        if (form.Version is not null && form.Version != app.ConcurrencyToken)
            return (AppChange.Conflict, problems);

        Fill(app, read);
        return (await SaveAsync(app, cancellationToken), problems);
    }

    /// <summary>Registers one more redirect URI; the same one again is done already. The reason when it cannot be registered.</summary>
    public async Task<(AppChange Change, string? Problem)> AddRedirectUriAsync(
        string ownerId, string clientId, string redirectUri, CancellationToken cancellationToken = default)
    {
        if (await OwnAsync(ownerId, clientId, cancellationToken) is not { } app)
            return (AppChange.NotFound, null);

        var registered = RedirectUrisOf(app);
        if (registered.Contains(redirectUri, StringComparer.Ordinal))
            return (AppChange.Done, null);

        var problem = registered.Length >= RedirectUris.Most
            ? $"This app has {RedirectUris.Most} redirect URIs already. Remove one first."
            : RedirectUris.Problem(redirectUri, app.ClientType == ClientTypes.Confidential);
        if (problem is not null)
            return (AppChange.Done, problem);

        app.RedirectUris = JsonSerializer.Serialize(registered.Append(redirectUri));
        return (await SaveAsync(app, cancellationToken), null);
    }

    /// <summary>
    /// Makes a new secret, which is in the answer. The old one goes on working until <see cref="RemovePreviousSecretAsync"/>, so that the app
    /// can be moved over without an outage; one that was still working from an earlier rotation stops now.
    /// </summary>
    public async Task<(AppChange Change, string? Secret)> RotateSecretAsync(string ownerId, string clientId, CancellationToken cancellationToken = default)
    {
        if (await OwnAsync(ownerId, clientId, cancellationToken) is not { ClientType: ClientTypes.Confidential } app)
            return (AppChange.NotFound, null);

        var secret = ClientCredentials.NewSecret();
        app.PreviousSecretHash = app.ClientSecret;
        app.SecretRotatedAt = time.GetUtcNow();
        KeepSecret(app, secret);
        var change = await SaveAsync(app, cancellationToken, secret);
        if (change == AppChange.Done)
            LogRotated(log, clientId, ownerId);
        return (change, change == AppChange.Done ? secret : null);
    }

    /// <summary>Ends the time in which the secret before the last rotation works too.</summary>
    public async Task<AppChange> RemovePreviousSecretAsync(string ownerId, string clientId, CancellationToken cancellationToken = default)
    {
        if (await OwnAsync(ownerId, clientId, cancellationToken) is not { } app)
            return AppChange.NotFound;
        app.PreviousSecretHash = null;
        return await SaveAsync(app, cancellationToken);
    }

    /// <summary>The current secret in full, or null when no readable copy is kept: then it can only be rotated.</summary>
    public async Task<string?> RevealSecretAsync(string ownerId, string clientId, CancellationToken cancellationToken = default)
    {
        var locked = await database.Apps.Where(app => app.ClientId == clientId && app.OwnerId == ownerId)
            .Select(app => app.ProtectedSecret).SingleOrDefaultAsync(cancellationToken);
        var secret = vault.Open(clientId, locked);
        if (secret is not null)
            LogRevealed(log, clientId, ownerId);
        return secret;
    }

    /// <summary>Deletes the app, and with it its tokens: its next call is refused.</summary>
    public async Task<AppChange> DeleteAsync(string ownerId, string clientId, CancellationToken cancellationToken = default)
    {
        if (await OwnAsync(ownerId, clientId, cancellationToken) is not { } app)
            return AppChange.NotFound;

        var accounts = await AccountsOfAsync(app.Id!, cancellationToken);

        // Not by the engine, which would read every token of the app first; the foreign keys take them along.
        if (await database.Apps.Where(row => row.Id == app.Id && row.ConcurrencyToken == app.ConcurrencyToken).ExecuteDeleteAsync(cancellationToken) == 0)
            return AppChange.Conflict;

        accounts.ForEach(installs.Publish);
        LogDeleted(log, clientId, ownerId);
        return AppChange.Done;
    }

    /// <summary>Suspends any app (an operator's act): nothing of it is served until it is resumed.</summary>
    public Task<AppChange> SuspendAsync(string clientId, CancellationToken cancellationToken = default)
        => SetSuspendedAsync(clientId, time.GetUtcNow(), cancellationToken);

    /// <summary>Ends a suspension: tokens that were valid before it are valid again.</summary>
    public Task<AppChange> ResumeAsync(string clientId, CancellationToken cancellationToken = default)
        => SetSuspendedAsync(clientId, null, cancellationToken);

    private async Task<AppChange> SetSuspendedAsync(string clientId, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        if (await database.Apps.SingleOrDefaultAsync(app => app.ClientId == clientId, cancellationToken) is not { } app)
            return AppChange.NotFound;
        app.SuspendedAt = at;
        var change = await SaveAsync(app, cancellationToken);
        if (change == AppChange.Done)
            (await AccountsOfAsync(app.Id!, cancellationToken)).ForEach(installs.Publish);
        return change;
    }

    private Task<RegisteredApp?> OwnAsync(string ownerId, string clientId, CancellationToken cancellationToken)
        => database.Apps.SingleOrDefaultAsync(app => app.ClientId == clientId && app.OwnerId == ownerId, cancellationToken);

    private async Task<AppChange> SaveAsync(RegisteredApp app, CancellationToken cancellationToken, string? secret = null)
    {
        try
        {
            if (secret is null)
                await clients.UpdateAsync(app, cancellationToken);
            else
                await clients.UpdateAsync(app, secret, cancellationToken);
            return AppChange.Done;
        }
        catch (ConcurrencyException)
        {
            return AppChange.Conflict;
        }
    }

    private Task<List<string>> AccountsOfAsync(string appId, CancellationToken cancellationToken)
        => database.Tokens.Where(t => t.ApplicationId == appId && t.Type == TokenKinds.AccessToken && t.Status == TokenStatuses.Valid)
            .Select(t => t.Subject!).Distinct().ToListAsync(cancellationToken);

    private static void Fill(RegisteredApp app, ReadForm form)
    {
        app.DisplayName = form.Name;
        app.RedirectUris = JsonSerializer.Serialize(form.RedirectUris);
        app.HomepageUrl = form.HomepageUrl;
        app.Description = form.Description;
    }

    private void KeepSecret(RegisteredApp app, string secret)
    {
        app.ProtectedSecret = vault.Lock(app.ClientId!, secret);
        app.SecretCreatedAt = time.GetUtcNow();
    }

    private static string[] RedirectUrisOf(RegisteredApp app)
        => app.RedirectUris is null ? [] : JsonSerializer.Deserialize<string[]>(app.RedirectUris)!;

    [LoggerMessage(1101, LogLevel.Information, "The Client Secret of app {ClientId} was revealed to its owner {AccountId}.")]
    private static partial void LogRevealed(ILogger log, string clientId, string accountId);

    [LoggerMessage(1102, LogLevel.Information, "The Client Secret of app {ClientId} was rotated by its owner {AccountId}.")]
    private static partial void LogRotated(ILogger log, string clientId, string accountId);

    [LoggerMessage(1103, LogLevel.Information, "App {ClientId} was deleted by its owner {AccountId}.")]
    private static partial void LogDeleted(ILogger log, string clientId, string accountId);
}
