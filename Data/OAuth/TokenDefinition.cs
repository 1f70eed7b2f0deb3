namespace Xeno.Portal.Data.OAuth;

/// <summary>
/// The two words for an access token, each defined here and nowhere else. <b>Granted</b>: it was not revoked, so the app is installed.
/// <b>Usable</b>: granted, and neither its app, nor that app's owner, nor its account is suspended, so it opens the API.
/// <para>
/// A token has the generation that its app had when the code was issued. An app whose tokens are all ended at once gets a new generation
/// (<see cref="GrantLedger.EndAppAsync"/>): from then on no older token is granted, although its row is updated later.
/// </para>
/// </summary>
public static class TokenDefinition
{
    /// <summary>Granted, in SQL: the token is <c>t</c>, its app is <c>a</c>.</summary>
    internal const string GrantedSql =
        """t."Type" = 'access_token' AND t."Status" = 'valid' AND t."Generation" = a."TokenGeneration" """;

    /// <summary>Usable, in SQL: as <see cref="GrantedSql"/>, the account is <c>o</c>, and the app's owner <c>d</c>.</summary>
    internal const string UsableSql =
        GrantedSql + """ AND a."SuspendedAt" IS NULL AND d."SuspendedAt" IS NULL AND o."SuspendedAt" IS NULL """;

    /// <summary>A token with its app, its account and the app's owner, in SQL, under those names.</summary>
    internal const string TokensWithOwners =
        """
        "Tokens" t JOIN "Apps" a ON a."Id" = t."ApplicationId" JOIN "Accounts" o ON o."Id" = t."Subject"
            JOIN "Accounts" d ON d."Id" = a."OwnerId"
        """;

    /// <summary>
    /// Granted to one app on one account, in SQL, in the order of the index: the account is <c>$1</c>, the row id of the app <c>$2</c>, the
    /// generation of the app <c>$3</c>.
    /// </summary>
    internal static readonly string GrantedToAppOnAccount = GrantedToAppOn("$1", "$2", "$3");

    /// <summary>The same with other expressions for account, row id of the app, and generation of the app.</summary>
    internal static string GrantedToAppOn(string account, string app, string generation) =>
        $""" "Subject" = {account} AND "Type" = 'access_token' AND "Status" = 'valid' """
        + $""" AND "ApplicationId" = {app} AND "Generation" = {generation} """;

    /// <summary>
    /// All scopes of the tokens for which <paramref name="condition"/> holds, in one text, or NULL, in SQL. An account that often goes
    /// through authorize has many tokens with few different sets of scopes: this jumps from each set to the next one in the index, instead
    /// of reading every token.
    /// </summary>
    internal static string ScopesOf(string condition) => $"""
        (WITH RECURSIVE held(scopes) AS (
                SELECT min("Scopes") FROM "Tokens" WHERE {condition}
                UNION ALL
                SELECT (SELECT min("Scopes") FROM "Tokens" WHERE {condition} AND "Scopes" > held.scopes)
                FROM held WHERE held.scopes IS NOT NULL)
             SELECT string_agg(scopes, ' ') FROM held)
        """;

    /// <summary>A code that waits or a token that was not revoked, of one app on one account, in SQL; parameters as above.</summary>
    internal const string NotEndedOfAppOnAccount =
        """ "Subject" = $1 AND "Type" IN ('access_token', 'authorization_code') AND "Status" = 'valid' AND "ApplicationId" = $2 """;

    /// <summary>The same of earlier generations than <c>$3</c>: ended by a mark, while the row still says valid.</summary>
    internal const string OlderOfAppOnAccount = NotEndedOfAppOnAccount + """AND "Generation" < $3 """;

    /// <summary>The same on all accounts: the row id of the app is <c>$1</c>, its generation <c>$2</c>.</summary>
    internal const string OlderOfApp =
        """ "ApplicationId" = $1 AND "Type" IN ('access_token', 'authorization_code') AND "Status" = 'valid' AND "Generation" < $2 """;

    /// <summary>The status of a code or a token, in SQL, with the generation of its app taken into account.</summary>
    internal const string Status =
        """CASE WHEN t."Status" = 'valid' AND t."Generation" <> a."TokenGeneration" THEN 'revoked' ELSE t."Status" END""";

    /// <summary>The granted access tokens among <paramref name="tokens"/>.</summary>
    public static IQueryable<IssuedToken> Granted(this IQueryable<IssuedToken> tokens) => tokens.Where(token
        => token.Type == TokenKinds.AccessToken && token.Status == TokenStatuses.Valid
            && token.Generation == token.Application!.TokenGeneration);
}
