using static OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreHandlers;
using Apply = OpenIddict.Server.OpenIddictServerEvents.ApplyConfigurationResponseContext;

namespace Xeno.Portal.OAuth.Rules.ServerMetadata;

/// <summary>GET /.well-known/oauth-authorization-server (RFC 8414): its one rule.</summary>
internal static class ServerMetadataRules
{
    // The engine has written its own list by then; it is replaced before it is sent.
    public static void Add(OpenIddictServerBuilder server) => server.Step<Apply>()
        .Engine(AttachHttpResponseCode<Apply>.Descriptor)
        .Rule<ServerMetadataDocument>();
}
