using OpenIddict.Abstractions;
using OpenIddict.Server;
using Xeno.Portal.Http;
using Xeno.Portal.Scopes;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.ServerMetadata;

/// <summary>
/// RFC 8414: the document is true in every field: it lists what this server does, and nothing else. (The engine lists what OpenID Connect
/// wants.)
/// </summary>
internal sealed class ServerMetadataDocument(PublicOrigin origin) : IOpenIddictServerHandler<ApplyConfigurationResponseContext>
{
    private static readonly string[] s_secretMethods =
        [ClientAuthenticationMethods.ClientSecretBasic, ClientAuthenticationMethods.ClientSecretPost];

    public ValueTask HandleAsync(ApplyConfigurationResponseContext context)
    {
        if (context.Response.Error is not null)
            return ValueTask.CompletedTask;

        foreach (var name in context.Response.GetParameters().Keys.ToList())
            context.Response.RemoveParameter(name);

        var issuer = origin.For(context.Http().Request);
        Set(Metadata.Issuer, issuer);
        Set(Metadata.AuthorizationEndpoint, issuer + PortalUrls.Authorize);
        Set(Metadata.TokenEndpoint, issuer + PortalUrls.Token);
        Set(Metadata.RevocationEndpoint, issuer + PortalUrls.Revoke);
        Set(Metadata.IntrospectionEndpoint, issuer + PortalUrls.Introspect);
        SetList(Metadata.ScopesSupported, ScopeCatalog.All.Select(scope => scope.Name));
        SetList(Metadata.ResponseTypesSupported, [ResponseTypes.Code]);
        SetList(Metadata.ResponseModesSupported, [ResponseModes.Query]);
        SetList(Metadata.GrantTypesSupported, [GrantTypes.AuthorizationCode]);
        SetList(Metadata.TokenEndpointAuthMethodsSupported, [.. s_secretMethods, ClientAuthenticationMethods.None]);
        SetList(Metadata.RevocationEndpointAuthMethodsSupported, [.. s_secretMethods, ClientAuthenticationMethods.None]);
        SetList(Metadata.IntrospectionEndpointAuthMethodsSupported, s_secretMethods);
        SetList(Metadata.CodeChallengeMethodsSupported, [CodeChallengeMethods.Sha256]);
        SetList(Metadata.PromptValuesSupported, Prompts.Known);
        context.Response[Metadata.AuthorizationResponseIssParameterSupported] = true;
        Set("service_documentation", issuer + PortalUrls.Docs);
        return ValueTask.CompletedTask;

        void Set(string name, string value) => context.Response[name] = value;

        void SetList(string name, IEnumerable<string> values) => context.Response[name] = new OpenIddictParameter([.. values]);
    }
}
