using System.Net;
using System.Text.Json;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>GET /.well-known/oauth-authorization-server (RFC 8414): every member, and no other.</summary>
[Trait("Category", "Fast")]
public sealed class MetadataTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task The_document_lists_exactly_what_is_served()
    {
        var response = await portal.Browser().GetAsync("/.well-known/oauth-authorization-server");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var expected = JsonDocument.Parse("""
            {
              "issuer": "http://localhost",
              "authorization_endpoint": "http://localhost/oauth/authorize",
              "token_endpoint": "http://localhost/oauth/token",
              "revocation_endpoint": "http://localhost/oauth/revoke",
              "introspection_endpoint": "http://localhost/oauth/introspect",
              "scopes_supported": ["widgets", "faqs", "contacts", "conversations"],
              "response_types_supported": ["code"],
              "response_modes_supported": ["query"],
              "grant_types_supported": ["authorization_code"],
              "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
              "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
              "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
              "code_challenge_methods_supported": ["S256"],
              "prompt_values_supported": ["none", "login", "consent", "select_account", "create"],
              "authorization_response_iss_parameter_supported": true,
              "service_documentation": "http://localhost/docs"
            }
            """);
        Assert.True(JsonElement.DeepEquals(expected.RootElement, document.RootElement), document.RootElement.ToString());
    }

    [Fact]
    public async Task The_configured_issuer_is_used_without_a_trailing_slash_for_any_host_header()
    {
        await using var configured = new PortalFactory { Settings = { ["OAuth:Issuer"] = "https://portal.example/" } };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/oauth-authorization-server");

        var document = JsonDocument.Parse(await (await configured.Browser().SendAsync(request)).Content.ReadAsStringAsync());

        Assert.Equal("https://portal.example", document.RootElement.GetProperty("issuer").GetString());
        Assert.Equal("https://portal.example/oauth/token", document.RootElement.GetProperty("token_endpoint").GetString());
    }

    [Fact]
    public async Task Openid_connect_is_not_claimed()
        => Assert.Equal(HttpStatusCode.NotFound, (await portal.Browser().GetAsync("/.well-known/openid-configuration")).StatusCode);
}
