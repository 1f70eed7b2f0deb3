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

    [Fact]
    public async Task Production_seeds_no_demo_data_even_when_Seed_Demo_is_set()
    {
        await using var production = new PortalFactory
        {
            Environment = "Production",
            Settings = { ["Seed:Demo"] = "true", ["OAuth:Issuer"] = "https://portal.example" },
        };

        Assert.False(await production.AskDatabaseAsync(database => Task.FromResult(database.Users.Any() || database.Apps.Any())));
    }
}
