namespace Xeno.Portal.OAuth;

/// <summary>What the authorization server says in the log. Ids of apps, accounts and rows only: never a code, a token, a secret or an e-mail.</summary>
internal static partial class OAuthLog
{
    [LoggerMessage(1001, LogLevel.Warning, "A code of app {ClientId} was replayed; the token of grant {GrantId} is revoked.")]
    public static partial void CodeReplayed(ILogger log, string clientId, string grantId);

    [LoggerMessage(1002, LogLevel.Information, "Account {AccountId} allowed app {ClientId}: {Scopes}.")]
    public static partial void Allowed(ILogger log, string accountId, string clientId, string scopes);

    [LoggerMessage(1003, LogLevel.Information, "Account {AccountId} did not allow app {ClientId}.")]
    public static partial void Cancelled(ILogger log, string accountId, string clientId);
}
