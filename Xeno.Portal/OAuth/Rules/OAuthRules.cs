using Xeno.Portal.OAuth.Rules.Authorize;
using Xeno.Portal.OAuth.Rules.Introspect;
using Xeno.Portal.OAuth.Rules.Revoke;
using Xeno.Portal.OAuth.Rules.ServerMetadata;
using Xeno.Portal.OAuth.Rules.Shared;
using Xeno.Portal.OAuth.Rules.Token;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>
/// The rules that the engine does not keep by itself. Each endpoint has one list, in the order in which a request meets the rules; what
/// the engine does between them, and which of its handlers were taken out, is in docs/decisions/0017-what-the-engine-does-for-us.md.
/// </summary>
internal static class OAuthRules
{
    public static void AddRules(this OpenIddictServerBuilder server)
    {
        AuthorizeRules.Add(server);
        TokenRules.Add(server);
        RevokeRules.Add(server);
        IntrospectRules.Add(server);
        ServerMetadataRules.Add(server);
        SharedRules.Add(server);
    }
}
