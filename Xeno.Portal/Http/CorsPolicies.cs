namespace Xeno.Portal.Http;

/// <summary>Which answers a script of another origin may read.</summary>
public static class CorsPolicies
{
    /// <summary>
    /// Any origin, without credentials: an app proves who it is in the request, never by a cookie. For the token and revocation endpoints,
    /// the metadata documents and the API.
    /// </summary>
    public const string AnyAppWithoutCredentials = "any-app";
}
