using Xeno.Portal.Apps;
using Xeno.Portal.Apps.Components;

namespace Xeno.Portal.Tests.Apps;

/// <summary>What a form must hold to be kept, field by field, at its limits.</summary>
[Trait("Category", "Fast")]
public sealed class AppFormTests
{
    [Theory]
    [InlineData("https://app.example", true)]
    [InlineData("http://app.example/about?x=1", true)]
    [InlineData("  https://app.example  ", true)]
    [InlineData("", true)]
    [InlineData("ftp://app.example", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("app.example", false)]
    [InlineData("/about", false)]
    [InlineData("https://user@app.example", false)]
    [InlineData("https://app.example/\u0007", false)]
    public void A_homepage_is_a_web_address_or_none(string homepage, bool isTaken)
        => Assert.Equal(isTaken, Read(form => form.HomepageUrl = homepage).Problems.HomepageUrl is null);

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public void A_homepage_has_a_longest_length(int length, bool isTaken)
        => Assert.Equal(isTaken, Read(form => form.HomepageUrl = "https://a.example/".PadRight(length, 'x')).Problems.HomepageUrl is null);

    [Theory]
    [InlineData(500, true)]
    [InlineData(501, false)]
    public void A_description_has_a_longest_length(int length, bool isTaken)
        => Assert.Equal(isTaken, Read(form => form.Description = new string('x', length)).Problems.Description is null);

    [Theory]
    [InlineData("Two\nlines,\r\nand a\ttab", true)]
    [InlineData("\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 for families", true)]
    [InlineData("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", true)]
    [InlineData("a\bb", false)]
    [InlineData("a\u202eb", false)]
    public void A_description_keeps_what_writing_needs_and_nothing_unseen(string description, bool isTaken)
        => Assert.Equal(isTaken, Read(form => form.Description = description).Problems.Description is null);

    [Fact]
    public void What_is_kept_is_trimmed_and_an_empty_field_is_none()
    {
        var kept = Read(form => (form.Name, form.HomepageUrl, form.Description) = (" An app ", "   ", "  Says what it does. ")).Kept!;

        Assert.Equal(("An app", null, "Says what it does.", true), (kept.Name, kept.HomepageUrl, kept.Description, kept.HasSecret));
        Assert.Equal(["https://app.example/cb"], kept.RedirectUris);
    }

    [Fact]
    public void One_wrong_field_keeps_the_whole_form_from_being_kept()
    {
        foreach (var spoil in (Action<AppForm>[])
                 [form => form.Name = "", form => form.RedirectUris = "x", form => form.HomepageUrl = "x", form => form.Description = "\b"])
        {
            var (kept, problems) = Read(spoil);
            Assert.Null(kept);
            Assert.True(problems.Any);
        }
    }

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public void A_redirect_uri_has_a_longest_length(int length, bool isTaken)
        => Assert.Equal(isTaken, RedirectUris.Problem("https://a.example/".PadRight(length, 'x'), hasSecret: true) is null);

    [Fact]
    public void A_fresh_secret_is_given_out_once()
    {
        var secrets = new FreshSecrets();
        secrets.Put("xa_1", "xs_1");

        Assert.Null(secrets.Take("xa_2"));
        Assert.Equal("xs_1", secrets.Take("xa_1"));
        Assert.Null(secrets.Take("xa_1"));
    }

    [Theory]
    [InlineData(0, "not installed yet")]
    [InlineData(1, "installed on 1 account")]
    [InlineData(1234, "installed on 1,234 accounts")]
    public void Installs_are_said_in_words(int installs, string words) => Assert.Equal(words, Installs.Words(installs));

    [Fact]
    public void Credentials_say_what_they_are_and_are_never_the_same()
    {
        var (id, secret) = (ClientCredentials.NewClientId(), ClientCredentials.NewSecret());

        Assert.Matches("^xa_[0-9a-f]{24}$", id);
        Assert.Matches("^xs_[0-9a-f]{64}$", secret);
        Assert.NotEqual(id, ClientCredentials.NewClientId());
        Assert.NotEqual(secret, ClientCredentials.NewSecret());
    }

    private static (ReadForm? Kept, AppFormProblems Problems) Read(Action<AppForm> change)
    {
        var form = new AppForm { Name = "An app", RedirectUris = "https://app.example/cb" };
        change(form);
        return (AppFormReader.Read(form, out var problems), problems);
    }
}
