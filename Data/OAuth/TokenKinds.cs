namespace Xeno.Portal.Data.OAuth;

/// <summary>The values of <c>IssuedToken.Type</c>, in the words of RFC 7009 §2.1 and RFC 6749 §4.1.</summary>
public static class TokenKinds
{
    public const string AccessToken = "access_token";

    public const string AuthorizationCode = "authorization_code";
}

/// <summary>The values of the Status column of grants and tokens, as the engine writes them.</summary>
public static class TokenStatuses
{
    public const string Valid = "valid";

    /// <summary>A code that was exchanged.</summary>
    public const string Redeemed = "redeemed";

    public const string Revoked = "revoked";
}
