using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Core;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.History;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.Sessions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.Apps;

/// <summary>
/// A developer's registered apps. The acting account is an argument; an app of another account is treated as if it did not exist. Acts that
/// reveal or destroy take the acting session too: they need a proof that is not older than ten minutes (<see cref="StepUp"/>).
/// </summary>
public sealed partial class AppRegistry(
    PortalDbContext database, OpenIddictApplicationManager<RegisteredApp> clients, ClientSecretVault vault, GrantEnding ending,
    StepUp stepUp, IOptions<AppsOptions> options, TimeProvider time, ILogger<AppRegistry> log)
{
    /// <summary>
    /// Registers an app, unless the account has <c>Apps:MostPerAccount</c> of them. Its secret is in the answer and, unless the vault keeps
    /// a copy, nowhere else.
    /// </summary>
    public Task<Registration> RegisterAsync(Actor actor, AppForm form, CancellationToken cancellationToken = default)
        => RegisterAsync(actor.AccountId, actor, form, cancellationToken);

    /// <summary>The same for an app that the portal makes itself (the demo app), at the start, when nobody is signed in.</summary>
    internal Task<Registration> RegisterAsPortalAsync(string accountId, AppForm form, CancellationToken cancellationToken)
        => RegisterAsync(accountId, actor: null, form, cancellationToken);

    private async Task<Registration> RegisterAsync(string accountId, Actor? actor, AppForm form, CancellationToken cancellationToken)
    {
        if (AppFormReader.Read(form, out var problems) is not { } read)
            return new Registration(null, null, problems);

        var app = new RegisteredApp
        {
            OwnerId = accountId,
            ClientId = ClientCredentials.NewClientId(),
            ClientType = read.HasSecret ? ClientTypes.Confidential : ClientTypes.Public,
            ConsentType = ConsentTypes.Explicit,
            CreatedAt = time.GetUtcNow(),
        };
        Fill(app, read);
        var secret = read.HasSecret ? ClientCredentials.NewSecret() : null;
        if (secret is not null)
            KeepSecret(app, secret);

        return await database.InTurnAsync(accountId, async () =>
        {
            var most = options.Value.MostPerAccount;
            if (await database.Apps.OwnedBy(accountId).CountAsync(cancellationToken) >= most)
                return new Registration(null, null, problems, TooMany(most));

            AddEntry(HistoryKinds.AppRegistered, app, accountId, actor?.SessionId, reason: null);
            app.ClientSecret = null; // Set by an attempt before this one; the engine takes the secret itself.
            if (secret is null)
                await clients.CreateAsync(app, cancellationToken);
            else
                await clients.CreateAsync(app, secret, cancellationToken);
            return new Registration(app.ClientId, secret, problems);
        }, cancellationToken);
    }

    /// <summary>The developer's apps, newest first.</summary>
    public async Task<IReadOnlyList<AppSummary>> ListForAsync(string accountId, CancellationToken cancellationToken = default)
    {
        var granted = database.Tokens.Granted();
        return await database.Apps.AsNoTracking().SeenBy(accountId).OrderByDescending(app => app.CreatedAt)
            .Select(app => new AppSummary(
                app.ClientId!, app.DisplayName!, app.ClientType == ClientTypes.Confidential, app.CreatedAt,
                granted.Where(token => token.ApplicationId == app.Id).Select(token => token.Subject).Distinct().Count(),
                app.SuspendedAt != null))
            .ToListAsync(cancellationToken);
    }

    /// <summary>One app of this owner, or null.</summary>
    public async Task<AppDetails?> FindAsync(string accountId, string clientId, CancellationToken cancellationToken = default)
    {
        var app = await database.Apps.AsNoTracking().SeenBy(accountId)
            .SingleOrDefaultAsync(app => app.ClientId == clientId, cancellationToken);
        if (app is null)
            return null;

        var installs = await database.Tokens.Where(token => token.ApplicationId == app.Id).Granted()
            .Select(t => t.Subject).Distinct().CountAsync(cancellationToken);
        return new AppDetails(
            clientId, app.DisplayName!, RedirectUrisOf(app), app.HomepageUrl, app.Description, app.ClientType == ClientTypes.Confidential,
            app.CreatedAt, app.SecretCreatedAt, app.PreviousSecretHash is null ? null : app.SecretRotatedAt,
            app.ProtectedSecret is not null, installs, app.SuspendedAt is not null, app.ConcurrencyToken);
    }

    /// <summary>Changes name, redirect URIs, homepage and description; nothing when the form has problems.</summary>
    /// <exception cref="ProofNeededException">The redirect URIs change, and the last proof is too old.</exception>
    public async Task<(AppChange Change, AppFormProblems Problems)> EditAsync(
        Actor actor, string clientId, AppForm form, CancellationToken cancellationToken = default)
    {
        if (await ManagedAsync(actor.AccountId, clientId, cancellationToken) is not { } app)
            return (AppChange.NotFound, new AppFormProblems(null, null, null, null));

        form.HasSecret = app.ClientType == ClientTypes.Confidential;
        var stored = new ReadForm(app.DisplayName!, RedirectUrisOf(app), app.HomepageUrl, app.Description, form.HasSecret);
        if (AppFormReader.Read(form, out var problems, stored) is not { } read)
            return (AppChange.Done, problems);
        if (form.Version is not null && form.Version != app.ConcurrencyToken)
            return (AppChange.Conflict, problems);

        var changed = Changed(app, read);
        if (changed.Length == 0)
            return (AppChange.Done, problems);
        if (!HasRedirectUris(app, read))
            await stepUp.RequireAsync(actor);

        Fill(app, read);
        AddEntry(HistoryKinds.AppEdited, app, actor, changed);
        return (await database.SaveAsync(clients, app, null, cancellationToken), problems);
    }

    /// <summary>
    /// Registers one more redirect URI; does nothing when it is registered already. Returns the reason when it cannot be registered.
    /// </summary>
    /// <exception cref="ProofNeededException">The last proof is too old.</exception>
    public Task<(AppChange Change, string? Problem)> AddRedirectUriAsync(
        Actor actor, string clientId, string redirectUri, CancellationToken cancellationToken = default)
        => AddRedirectUriAsync(actor.AccountId, actor, clientId, redirectUri, cancellationToken);

    /// <summary>The same for an app that the portal made itself (the demo app), at the start, when nobody is signed in.</summary>
    internal Task<(AppChange Change, string? Problem)> AddRedirectUriAsPortalAsync(
        string accountId, string clientId, string redirectUri, CancellationToken cancellationToken)
        => AddRedirectUriAsync(accountId, actor: null, clientId, redirectUri, cancellationToken);

    private async Task<(AppChange Change, string? Problem)> AddRedirectUriAsync(
        string accountId, Actor? actor, string clientId, string redirectUri, CancellationToken cancellationToken)
    {
        if (await ManagedAsync(accountId, clientId, cancellationToken) is not { } app)
            return (AppChange.NotFound, null);

        var registered = RedirectUrisOf(app);
        if (registered.Contains(redirectUri, StringComparer.Ordinal))
            return (AppChange.Done, null);

        var problem = registered.Length >= RedirectUris.Most
            ? $"This app has {RedirectUris.Most} redirect URIs already. Remove one first."
            : RedirectUris.Problem(redirectUri, app.ClientType == ClientTypes.Confidential);
        if (problem is not null)
            return (AppChange.Done, problem);

        if (actor is not null)
            await stepUp.RequireAsync(actor);
        app.RedirectUris = JsonSerializer.Serialize(registered.Append(redirectUri));
        AddEntry(HistoryKinds.AppEdited, app, accountId, actor?.SessionId, "redirect URIs");
        return (await database.SaveAsync(clients, app, null, cancellationToken), null);
    }

    /// <summary>
    /// Creates a new secret and returns it. The old one works until <see cref="RemovePreviousSecretAsync"/>, so that the app can change to
    /// the new one without an outage. The secret before the old one, if it still worked, stops now.
    /// </summary>
    /// <exception cref="ProofNeededException">The last proof is too old.</exception>
    public async Task<(AppChange Change, string? Secret)> RotateSecretAsync(
        Actor actor, string clientId, CancellationToken cancellationToken = default)
    {
        if (await ManagedAsync(actor.AccountId, clientId, cancellationToken) is not { ClientType: ClientTypes.Confidential } app)
            return (AppChange.NotFound, null);
        await stepUp.RequireAsync(actor);

        var secret = ClientCredentials.NewSecret();
        app.PreviousSecretHash = app.ClientSecret;
        app.SecretRotatedAt = time.GetUtcNow();
        KeepSecret(app, secret);
        AddEntry(HistoryKinds.SecretRotated, app, actor);
        var change = await database.SaveAsync(clients, app, secret, cancellationToken);
        if (change == AppChange.Done)
            LogRotated(log, clientId, actor.AccountId);
        return (change, change == AppChange.Done ? secret : null);
    }

    /// <summary>Removes the secret that was replaced by the last rotation: it stops working.</summary>
    /// <exception cref="ProofNeededException">The last proof is too old.</exception>
    public async Task<AppChange> RemovePreviousSecretAsync(Actor actor, string clientId, CancellationToken cancellationToken = default)
    {
        if (await ManagedAsync(actor.AccountId, clientId, cancellationToken) is not { } app)
            return AppChange.NotFound;
        if (app.PreviousSecretHash is null)
            return AppChange.Done;
        await stepUp.RequireAsync(actor);
        app.PreviousSecretHash = null;
        AddEntry(HistoryKinds.SecretRemoved, app, actor);
        return await database.SaveAsync(clients, app, null, cancellationToken);
    }

    /// <summary>
    /// The current secret in full, or null when no readable copy is kept: then it can only be rotated. The history entry about it is saved
    /// before the secret is returned.
    /// </summary>
    /// <exception cref="ProofNeededException">The last proof is too old.</exception>
    public async Task<string?> RevealSecretAsync(Actor actor, string clientId, CancellationToken cancellationToken = default)
    {
        await stepUp.RequireAsync(actor);
        var (app, secret) = await OpenSecretAsync(actor.AccountId, clientId, cancellationToken);
        if (app is null || secret is null)
            return null;

        AddEntry(HistoryKinds.SecretRevealed, app, actor);
        await database.SaveChangesAsync(cancellationToken);
        LogRevealed(log, clientId, actor.AccountId);
        return secret;
    }

    /// <summary>
    /// The current secret for a request that the portal itself sends as the app (playground), or null as above. It must not be shown.
    /// </summary>
    internal async Task<string?> UseSecretAsync(string accountId, string clientId, CancellationToken cancellationToken = default)
        => (await OpenSecretAsync(accountId, clientId, cancellationToken)).Secret;

    /// <summary>All tokens of the app end at once, on every account; it can be installed again.</summary>
    /// <exception cref="ProofNeededException">The last proof is too old.</exception>
    public async Task<AppChange> RevokeAllTokensAsync(Actor actor, string clientId, CancellationToken cancellationToken = default)
    {
        if (!await database.Apps.OwnedBy(actor.AccountId).AnyAsync(app => app.ClientId == clientId, cancellationToken))
            return AppChange.NotFound;
        await stepUp.RequireAsync(actor);
        if (!await ending.RevokeAllOfAppAsync(clientId, actor.AccountId, actor.SessionId))
            return AppChange.NotFound;

        LogAllRevoked(log, clientId, actor.AccountId);
        return AppChange.Done;
    }

    /// <summary>Deletes the app, and with it its tokens: its next call is refused.</summary>
    /// <exception cref="ProofNeededException">The last proof is too old.</exception>
    public async Task<AppChange> DeleteAsync(Actor actor, string clientId, CancellationToken cancellationToken = default)
    {
        var app = await database.Apps.AsNoTracking().OwnedBy(actor.AccountId).Where(app => app.ClientId == clientId)
            .Select(app => new { app.ConcurrencyToken }).SingleOrDefaultAsync(cancellationToken);
        if (app is null)
            return AppChange.NotFound;
        await stepUp.RequireAsync(actor);
        if (!await ending.DeleteAppAsync(clientId, actor.AccountId, app.ConcurrencyToken, actor.SessionId))
            return AppChange.Conflict;

        LogDeleted(log, clientId, actor.AccountId);
        return AppChange.Done;
    }

    private async Task<(RegisteredApp? App, string? Secret)> OpenSecretAsync(
        string accountId, string clientId, CancellationToken cancellationToken)
    {
        var app = await database.Apps.AsNoTracking().ManagedBy(accountId)
            .SingleOrDefaultAsync(app => app.ClientId == clientId, cancellationToken);
        return (app, app is null ? null : vault.Open(clientId, app.ProtectedSecret));
    }

    private Task<RegisteredApp?> ManagedAsync(string accountId, string clientId, CancellationToken cancellationToken)
        => database.Apps.ManagedBy(accountId).SingleOrDefaultAsync(app => app.ClientId == clientId, cancellationToken);

    /// <summary>The entry is saved together with the change itself, by the same <c>SaveChanges</c>.</summary>
    private void AddEntry(HistoryKind kind, RegisteredApp app, Actor actor, string? reason = null)
        => AddEntry(kind, app, actor.AccountId, actor.SessionId, reason);

    private void AddEntry(HistoryKind kind, RegisteredApp app, string accountId, string? sessionId, string? reason)
        => database.History.Add(new HistoryEntry
        {
            At = time.GetUtcNow(), Kind = kind.Name, AccountId = accountId, ClientId = app.ClientId, AppName = app.DisplayName,
            Actor = HistoryActor.Account, SessionId = sessionId, Reason = reason,
        });

    /// <summary>The names of the settings that an edit changes, for the history.</summary>
    private static string Changed(RegisteredApp app, ReadForm form) => string.Join(", ", new[]
    {
        app.DisplayName == form.Name ? null : "name",
        HasRedirectUris(app, form) ? null : "redirect URIs",
        app.HomepageUrl == form.HomepageUrl ? null : "homepage",
        app.Description == form.Description ? null : "description",
    }.OfType<string>());

    private static bool HasRedirectUris(RegisteredApp app, ReadForm form)
        => RedirectUrisOf(app).SequenceEqual(form.RedirectUris, StringComparer.Ordinal);

    private static void Fill(RegisteredApp app, ReadForm form)
    {
        app.DisplayName = form.Name;
        app.RedirectUris = JsonSerializer.Serialize(form.RedirectUris);
        app.HomepageUrl = form.HomepageUrl;
        app.Description = form.Description;
    }

    private static string TooMany(int most)
        => $"The number of apps of one account is limited to {most}. Delete one that you no longer need, then register this one.";

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

    [LoggerMessage(1104, LogLevel.Warning, "All tokens of app {ClientId} were revoked by its owner {AccountId}.")]
    private static partial void LogAllRevoked(ILogger log, string clientId, string accountId);

    [LoggerMessage(1103, LogLevel.Information, "App {ClientId} was deleted by its owner {AccountId}.")]
    private static partial void LogDeleted(ILogger log, string clientId, string accountId);
}
