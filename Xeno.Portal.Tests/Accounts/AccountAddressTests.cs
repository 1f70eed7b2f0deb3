using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Accounts;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Accounts;

/// <summary>Which e-mail addresses register and then log in, over real HTTP. What the rule takes in detail: EmailAddressTests.</summary>
public abstract class AccountAddressTests(PortalFactory portal)
{
    public static TheoryData<string> LocalParts =>
    [
        "o'brien", "a!b", "first/last", "x#y", "user%tag", "ABCDEFGHIJKLMNOPQRSTUVWXYZ.abcdefghijklmnopqrstuvwxyz.0123456789",
        .. "!#$%&'*+-/=?^_`{|}~".Select(sign => $"{sign}a{sign}.{sign}"),
    ];

    [Theory]
    [MemberData(nameof(LocalParts))]
    public async Task Every_character_of_an_atom_can_be_in_the_address_and_capitals_do_not_matter(string localPart)
    {
        var email = $"{localPart}@{Guid.NewGuid():N}.example";

        Assert.Equal("/apps", (await portal.Browser().RegisterAsync(email)).LeadsTo());

        Assert.Equal("/apps", (await portal.Browser().LogInAsync(email)).LeadsTo());
        Assert.Equal("/apps", (await portal.Browser().LogInAsync(email.ToUpperInvariant())).LeadsTo());
        Assert.Equal(email, await portal.AskDatabaseAsync(database
            => database.Accounts.Where(account => account.Email == email).Select(account => account.Email).SingleAsync()));
    }

    [Fact]
    public async Task An_international_domain_has_one_account_in_either_spelling_and_is_shown_in_its_own_letters()
    {
        var name = $"anna{Guid.NewGuid():N}";
        var browser = portal.Browser();
        Assert.Equal("/apps", (await browser.RegisterAsync($"{name}@Bücher.example")).LeadsTo());

        foreach (var spelling in (string[])["@bücher.example", "@BÜCHER.EXAMPLE", "@xn--bcher-kva.example", "@XN--BCHER-KVA.example"])
        {
            Assert.Equal("/apps", (await portal.Browser().LogInAsync(name + spelling)).LeadsTo());
            var registered = await portal.Browser().RegisterAsync(name + spelling, password: "Some-other-password-1");
            Assert.Contains("has an account already", await registered.AlertAsync(), StringComparison.Ordinal);
        }

        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), "https://app.example/callback"));
        foreach (var page in (string[])["/docs", rp.AuthorizeUrl()])
            Assert.Contains($"{name}@bücher.example", (await (await browser.GetAsync(page)).PageAsync()).Body!.TextContent,
                StringComparison.Ordinal);
        Assert.Equal($"{name}@xn--bcher-kva.example", (await rp.CallAsync(await rp.InstallAsync(browser)))["email"]);
    }

    [Fact]
    public async Task Wrong_passwords_for_one_address_are_counted_together_in_either_spelling_of_its_domain()
    {
        var name = $"anna{Guid.NewGuid():N}";
        await portal.Browser().RegisterAsync($"{name}@bücher.example");
        for (var i = 0; i < 5; i++)
            foreach (var spelling in (string[])["@Bücher.example", "@xn--bcher-kva.example"])
                await portal.Browser().LogInAsync(name + spelling, "wrong password");

        Assert.Equal(SignIn.Refusal, await (await portal.Browser().LogInAsync($"{name}@bücher.example")).AlertAsync());
    }
}

[Trait("Category", "Fast")]
public sealed class AccountAddressOnSqlite(PortalFactory portal) : AccountAddressTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class AccountAddressOnPostgreSql(PostgreSqlPortal portal) : AccountAddressTests(portal), IClassFixture<PostgreSqlPortal>;
