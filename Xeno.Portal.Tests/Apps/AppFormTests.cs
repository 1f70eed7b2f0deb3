using Xeno.Portal.Apps;
using Xeno.Portal.Apps.Components;

namespace Xeno.Portal.Tests.Apps;

/// <summary>Which values a form accepts, field by field, at the limits.</summary>
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
    public void A_homepage_is_a_web_address_or_empty(string homepage, bool isTaken)
        => Assert.Equal(isTaken, Read(form => form.HomepageUrl = homepage).Problems.HomepageUrl is null);

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public void A_homepage_has_a_maximum_length(int length, bool isTaken)
        => Assert.Equal(isTaken, Read(form => form.HomepageUrl = "https://a.example/".PadRight(length, 'x')).Problems.HomepageUrl is null);

    [Theory]
    [InlineData(500, true)]
    [InlineData(501, false)]
    public void A_description_has_a_maximum_length(int length, bool isTaken)
        => Assert.Equal(isTaken, Read(form => form.Description = new string('x', length)).Problems.Description is null);

    [Theory]
    [InlineData("Two\nlines,\r\nand a\ttab", true)]
    [InlineData("\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 for families", true)]
    [InlineData("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", true)]
    [InlineData("No\u00a0break", true)]
    [InlineData("a\bb", false)]
    [InlineData("a\u200bb", false)]
    [InlineData("a\u202eb", false)]
    [InlineData("a\u200db", false)]
    [InlineData("a\ufe0f", false)]
    [InlineData("Za\u0351\u036b\u0343\u030d\u0357lgo", false)]
    public void A_description_may_have_line_breaks_but_no_character_that_deceives(string description, bool isTaken)
        => Assert.Equal(isTaken, Read(form => form.Description = description).Problems.Description is null);

    [Fact]
    public void Values_are_trimmed_and_an_empty_field_becomes_null()
    {
        var kept = Read(form => (form.Name, form.HomepageUrl, form.Description) = (" An app ", "   ", "  Says what it does. ")).Kept!;

        Assert.Equal(("An app", null, "Says what it does.", true), (kept.Name, kept.HomepageUrl, kept.Description, kept.HasSecret));
        Assert.Equal(["https://app.example/cb"], kept.RedirectUris);
    }

    [Fact]
    public void A_problem_says_what_the_field_takes()
    {
        Assert.Contains("Write it in full, for example https://", Read(form => form.HomepageUrl = "x").Problems.HomepageUrl,
            StringComparison.Ordinal);
        Assert.Contains("2048 characters", Read(form => form.HomepageUrl = new string('x', 2049)).Problems.HomepageUrl,
            StringComparison.Ordinal);
        Assert.Contains("501 characters; at most 500 fit", Read(form => form.Description = new string('x', 501)).Problems.Description,
            StringComparison.Ordinal);
        Assert.Contains("cannot be seen", Read(form => form.Description = "\b").Problems.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void One_invalid_field_refuses_the_whole_form()
    {
        foreach (var spoil in (Action<AppForm>[])
                 [form => form.Name = "", form => form.RedirectUris = "x", form => form.HomepageUrl = "x", form => form.Description = "\b"])
        {
            var (kept, problems) = Read(spoil);
            Assert.Null(kept);
            Assert.True(problems.Any);
        }
    }

    [Fact]
    public void What_an_app_has_already_is_not_judged_again()
    {
        var stored = new ReadForm("Xeno Classic", ["https://app.example/cb?state=1"], "ftp://app.example", "a\u200db", true);
        var form = new AppForm
        {
            Name = "Xeno Classic", RedirectUris = "https://app.example/new\nhttps://app.example/cb?state=1",
            HomepageUrl = "ftp://app.example", Description = "a\u200db",
        };

        Assert.Equal("https://app.example/new", AppFormReader.Read(form, out _, stored)?.RedirectUris[0]);

        form.RedirectUris += "\nhttps://app.example/cb?state=2";
        (form.Name, form.HomepageUrl, form.Description) = ("Xeno Classics", "ftp://app.example/", "a\u200dbc");
        Assert.Null(AppFormReader.Read(form, out var problems, stored));
        Assert.Contains("state=2 has state", problems.RedirectUris, StringComparison.Ordinal);
        Assert.All([problems.Name, problems.HomepageUrl, problems.Description], Assert.NotNull);
    }

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public void A_redirect_uri_has_a_maximum_length(int length, bool isTaken)
        => Assert.Equal(isTaken, RedirectUris.Problem("https://a.example/".PadRight(length, 'x'), hasSecret: true) is null);

    [Fact]
    public void A_new_secret_can_be_read_once()
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
    public void The_number_of_installs_is_written_in_words(int installs, string words) => Assert.Equal(words, Installs.Words(installs));

    [Fact]
    public void Credentials_have_a_prefix_and_are_unique()
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
