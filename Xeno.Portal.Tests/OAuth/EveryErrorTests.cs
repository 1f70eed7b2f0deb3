using System.Text.RegularExpressions;
using Xeno.Portal.OAuth;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>
/// Every error that the protocol endpoints and the API can give is provoked by a request, and says what happened and what to do.
/// <see cref="ErrorWordsTests"/> checks the same texts without requests.
/// </summary>
[Trait("Category", "Fast")]
public sealed class EveryErrorTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    /// <summary>Texts that no request provokes, each with its reason.</summary>
    private static readonly Dictionary<string, string> s_provokedByNone = new(StringComparer.Ordinal)
    {
        ["OAuthErrors.Unexpected"] = "Stands in for an error of the engine that has no text of ours; none of the cases may show it.",
    };

    public static TheoryData<string> Names => [.. ProvokedErrors.All.Select(error => error.Name).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_error_says_what_happened_and_what_to_do_and_where_it_is_explained(string name)
    {
        var anchors = (await (await portal.Browser().GetAsync("/docs/errors")).PageAsync())
            .QuerySelectorAll("[id]").Select(element => element.Id).ToHashSet(StringComparer.Ordinal);

        // One text has several cases where a request can provoke it in several ways, or where it depends on what was sent.
        foreach (var wanted in ProvokedErrors.All.Where(error => error.Name == name))
        {
            var seen = await wanted.ProvokeAsync(portal);

            Assert.Equal((wanted.Status, wanted.Error, wanted.Text), (seen.Status, seen.Error, seen.Description));
            Assert.NotEqual(OAuthErrors.Unexpected, seen.Description);
            var link = Regex.Match(seen.Uri ?? "", "^http://localhost/docs/errors#(.+)$");
            Assert.True(link.Success, $"error_uri is {seen.Uri}");
            Assert.Contains(link.Groups[1].Value, anchors);
        }
    }

    [Fact]
    public void Every_text_of_the_code_is_provoked()
    {
        var texts = ErrorTexts.OfOAuth.Concat(ErrorTexts.OfApi).Select(ErrorTexts.NameOf).ToHashSet(StringComparer.Ordinal);
        var provoked = ProvokedErrors.All.Select(error => error.Source).ToHashSet(StringComparer.Ordinal);

        Assert.True(texts.Count > 60);
        Assert.Empty(texts.Except(provoked).Except(s_provokedByNone.Keys));
        Assert.Empty(s_provokedByNone.Keys.Except(texts).Concat(s_provokedByNone.Keys.Intersect(provoked)));
    }
}
