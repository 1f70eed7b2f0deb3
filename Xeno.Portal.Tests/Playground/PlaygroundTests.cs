using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Playground;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Playground;

[Trait("Category", "Fast")]
public sealed class PlaygroundTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public void Secrets_are_masked_in_every_place_and_encoding()
    {
        var token = new string('a', 64);
        var text = Masking.Apply($"code=AB%2FCD-code&client_secret=xs_{token} token={token} \"{token}\"", "AB/CD-code");

        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        Assert.DoesNotContain("CD-code", text, StringComparison.Ordinal);
        Assert.StartsWith("code=AB/CD-••••••••", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_is_valid_for_its_account_and_for_half_an_hour()
    {
        var states = portal.Services.GetRequiredService<PlaygroundState>();
        var state = states.Protect(states.Start("me", "xa_1", "widgets"));

        Assert.Equal("xa_1", states.Read(state, "me")?.ClientId);
        Assert.Null(states.Read(state, "somebody else"));
        Assert.Null(states.Read("forged", "me"));
        Assert.Null(states.Read(null, "me"));
        portal.Time.Advance(TimeSpan.FromMinutes(31));
        Assert.Null(states.Read(state, "me"));
    }

    /// <summary>Everybody knows the demo account's password.</summary>
    [Theory]
    [InlineData("Production", "true", "http://127.0.0.1:0", "https://portal.example", "Warning", "this is Production")]
    [InlineData("Development", "true", "http://0.0.0.0:0", "http://localhost:5080", "Warning", "the portal listens on http://0.0.0.0:")]
    [InlineData("Development", null, "http://*:0", "http://localhost:5080", "Information", "the portal listens on http://")]
    [InlineData("Development", null, "http://127.0.0.1:0;http://0.0.0.0:0", "http://localhost:5080", "Information",
        "the portal listens on http://0.0.0.0:")]
    [InlineData("Development", null, "http://127.0.0.1:0", "https://portal.example", "Information",
        "OAuth:Issuer is https://portal.example")]
    [InlineData("Staging", "true", "http://127.0.0.1:0", "http://192.168.1.7:5080", "Warning", "OAuth:Issuer is http://192.168.1.7:5080")]
    public async Task No_demo_account_is_created_where_others_could_sign_in_with_it(
        string environment, string? seed, string urls, string issuer, string level, string reason)
    {
        await using var portal = Listening(environment, seed, urls, issuer);

        Assert.False(await portal.AskDatabaseAsync(database => Task.FromResult(database.Users.Any() || database.Apps.Any())));
        Assert.Contains(
            $"{level} Xeno.Portal.Playground.DemoSeed The demo account and the demo app are not created, because {reason}", portal.Log.Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Development", null, null)]
    [InlineData("Development", null, "http://localhost:5080")]
    [InlineData("Staging", "true", "http://127.0.0.1:5080")]
    public async Task The_demo_account_is_created_on_loopback_addresses(string environment, string? seed, string? issuer)
    {
        await using var portal = Listening(environment, seed, "http://127.0.0.1:0", issuer);

        Assert.Equal((1, 1), await portal.AskDatabaseAsync(database => Task.FromResult((database.Users.Count(), database.Apps.Count()))));
    }

    private static PortalFactory Listening(string environment, string? seed, string urls, string? issuer)
    {
        var portal = new PortalFactory { Environment = environment, Settings = { ["OAuth:Issuer"] = issuer } };
        portal.Settings.Remove("Seed:Demo");
        if (seed is not null)
            portal.Settings["Seed:Demo"] = seed;
        portal.Listen(urls);
        return portal;
    }
}
