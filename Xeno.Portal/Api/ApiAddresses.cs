namespace Xeno.Portal.Api;

/// <summary>The addresses the API prints or serves. It has no pages, so it does not know the Shell's list; a test compares the two.</summary>
internal static class ApiAddresses
{
    public const string Root = "/api/v1";
    public const string ResourceMetadata = "/.well-known/oauth-protected-resource";
    public const string ServiceDocs = "/docs";

    /// <summary>Followed by the error.</summary>
    public const string ErrorDocs = "/docs/errors#";
}
