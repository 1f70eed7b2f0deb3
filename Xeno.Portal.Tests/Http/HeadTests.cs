using System.Net;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Http;

/// <summary>HEAD (RFC 9110 section 9.3.2), against Kestrel, which leaves the body out.</summary>
[Trait("Category", "Fast")]
public sealed class HeadTests(ListeningPortal portal) : IClassFixture<ListeningPortal>
{
    // The first answer sets the forms cookie; only one with a body says how that is framed.
    private static readonly string[] s_ofOne = ["Set-Cookie", "Transfer-Encoding"];

    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    [InlineData("/docs/errors")]
    [InlineData("/account/login")]
    [InlineData("/account/register")]
    [InlineData("/apps")]
    [InlineData("/installed")]
    [InlineData("/nothing")]
    [InlineData("/health/live")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-protected-resource/api/v1")]
    [InlineData("/api/v1/me")]
    [InlineData("/api/v1/widgets")]
    [InlineData("/api/nothing")]
    [InlineData("/oauth/token")]
    public async Task HEAD_answers_what_GET_would_without_the_body(string path)
    {
        using var client = await portal.ClientAsync(portal.Origin, await portal.AccountAsync());

        var get = await client.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        var head = await client.SendAsync(request);

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.Equal(get.Content.Headers.ContentType?.ToString(), head.Content.Headers.ContentType?.ToString());
        Assert.Equal(get.Headers.Location, head.Headers.Location);
        Assert.Equal(
            get.Headers.Select(header => header.Key).Except(s_ofOne).Order(),
            head.Headers.Select(header => header.Key).Except(s_ofOne).Order());
    }

    [Fact]
    public async Task HEAD_has_no_effect_on_authorize()
    {
        var account = await portal.AccountAsync();
        using var client = await portal.ClientAsync(portal.Origin, account);
        var rp = new RelyingParty(client, await portal.AppAsync(account, GivenApps.Callback));
        await rp.InstallAsync(client);
        var before = await portal.AskDatabaseAsync(database => database.Tokens.CountAsync());

        using var request = new HttpRequestMessage(HttpMethod.Head, rp.AuthorizeUrl());
        var head = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, head.StatusCode);
        Assert.Equal(before, await portal.AskDatabaseAsync(database => database.Tokens.CountAsync()));
    }
}
