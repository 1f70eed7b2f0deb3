namespace Xeno.Portal.OAuth;

/// <summary>
/// The log lines of the authorization server: ids of apps, accounts and rows; never a code, token, secret or e-mail address.
/// </summary>
internal static partial class OAuthLog
{
    [LoggerMessage(1001, LogLevel.Warning, "A code of app {ClientId} was replayed; the token of grant {GrantId} is revoked.")]
    public static partial void CodeReplayed(ILogger log, string clientId, string grantId);

    [LoggerMessage(1002, LogLevel.Information, "Account {AccountId} allowed app {ClientId}: {Scopes}.")]
    public static partial void Allowed(ILogger log, string accountId, string clientId, string scopes);

    [LoggerMessage(1003, LogLevel.Information, "Account {AccountId} did not allow app {ClientId}.")]
    public static partial void Cancelled(ILogger log, string accountId, string clientId);
}
