using Xeno.Portal.Text;

namespace Xeno.Portal.Tests.Text;

[Trait("Category", "Fast")]
public sealed class EmailAddressTests
{
    private const string Atext = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~";

    [Theory]
    [InlineData("o'brien@example.com")]
    [InlineData("first/last@example.com")]
    [InlineData("a.b.c@sub.example.com")]
    [InlineData("-@localhost")]
    [InlineData("Anna@1.example")]
    public void An_address_is_kept_as_it_is(string address)
        => Assert.Equal((address, null), EmailAddress.Read(address));

    [Fact]
    public void Each_character_of_an_atom_can_be_anywhere_in_it_and_no_other_can()
    {
        for (var c = '!'; c <= '~'; c++)
        {
            var (kept, problem) = EmailAddress.Read($"{c}a{c}@example.com");
            if (Atext.Contains(c, StringComparison.Ordinal))
                Assert.Equal($"{c}a{c}@example.com", kept);
            else
                Assert.False(string.IsNullOrEmpty(problem), $"{c} is taken");
        }
    }

    [Theory]
    [InlineData("anna@bücher.example", "anna@xn--bcher-kva.example", "anna@bücher.example")]
    [InlineData(" Anna@BÜCHER.Example ", "Anna@xn--bcher-kva.example", "Anna@bücher.example")]
    [InlineData("anna@XN--BCHER-KVA.Example", "anna@xn--bcher-kva.example", "anna@bücher.example")]
    [InlineData("anna@кофе.рф", "anna@xn--e1ajmy.xn--p1ai", "anna@кофе.рф")]
    [InlineData("anna@喫茶メモ帳。example", "anna@xn--4dkc363zxehrj2c.example", "anna@喫茶メモ帳.example")]
    [InlineData("anna@pаypal.example", "anna@xn--pypal-4ve.example", "anna@xn--pypal-4ve.example")] // Cyrillic а among Latin letters
    [InlineData("anna@аррӏе.example", "anna@xn--80ak6aa92e.example", "anna@xn--80ak6aa92e.example")] // all Cyrillic
    [InlineData("Anna@Example.COM", "Anna@example.com", "Anna@example.com")]
    public void A_domain_is_kept_in_ASCII_and_shown_in_its_own_letters_where_they_are_unmistakable(string typed, string kept, string shown)
    {
        Assert.Equal((kept, null), EmailAddress.Read(typed));
        Assert.Equal(shown, EmailAddress.Shown(kept));
    }

    [Theory]
    [InlineData("anna@bücher.example", "ANNA@XN--BCHER-KVA.EXAMPLE")]
    [InlineData("anna@bücher.example", "ANNA@BÜCHER.EXAMPLE")]
    [InlineData("{a|b}~@example.com", "{A|B}~@EXAMPLE.COM")]
    [InlineData("a..b@example.com", "A..B@EXAMPLE.COM")] // An account from the time before this rule.
    public void Capitals_and_the_spelling_of_the_domain_make_no_other_address(string first, string second)
        => Assert.Equal(EmailAddress.KeyOf(first), EmailAddress.KeyOf(second));

    [Theory]
    [InlineData("anna", "has no @")]
    [InlineData("", "has no @")]
    [InlineData("@example.com", "nothing before the @")]
    [InlineData("anna@", "nothing after the @")]
    [InlineData("jörg@example.com", "has the character ö. Only the letters a to z")]
    [InlineData("анна@example.com", "has the character а. Only the letters a to z")]
    [InlineData("👍@example.com", "has the character 👍.")]
    [InlineData("a@b@example.com", "has the character @.")]
    [InlineData("a,b@example.com", "has the character ,.")]
    [InlineData("a\\b@example.com", "has the character \\.")]
    [InlineData("\"a b\"@example.com", "has a space")]
    [InlineData("\"anna\"@example.com", "quotation marks")]
    [InlineData("anna(work)@example.com", "comment in parentheses")]
    [InlineData("anna@(work)example.com", "comment in parentheses")]
    [InlineData("Anna<anna@example.com>", "the address alone")]
    [InlineData("anna b@example.com", "has a space")]
    [InlineData("anna\u200B@example.com", "cannot be seen")]
    [InlineData("anna@exam\u202Eple.com", "cannot be seen")]
    [InlineData("anna\r\n@example.com", "cannot be seen")]
    [InlineData("anna@exa\0mple.com", "cannot be seen")]
    [InlineData(".anna@example.com", "begins or ends with a dot")]
    [InlineData("anna.@example.com", "begins or ends with a dot")]
    [InlineData("an..na@example.com", "two dots in a row")]
    [InlineData("anna@example.com.", "not a domain name")]
    [InlineData("anna@.example.com", "not a domain name")]
    [InlineData("anna@example..com", "not a domain name")]
    [InlineData("anna@-example.com", "not a domain name")]
    [InlineData("anna@exa_mple.com", "not a domain name")]
    [InlineData("anna@xn--ü.com", "not a domain name")]
    [InlineData("anna@[192.0.2.1]", "address in brackets")]
    [InlineData("anna@bu\u0308cher.example", "in another form")]
    [InlineData("anna@ｅｘａｍｐｌｅ.jp", "has the character ｅ, which")]
    [InlineData("anna@\u1112\u1161\u11AB.example", "in another form")]
    public void What_no_account_can_have_is_refused_with_the_reason(string typed, string reason)
    {
        var (kept, problem) = EmailAddress.Read(typed);

        Assert.Null(kept);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, 0, true)]
    [InlineData(65, 0, false)]
    [InlineData(64, 189, true)] // 254 in all
    [InlineData(63, 191, false)]
    public void The_lengths_are_those_of_mail(int local, int domain, bool isTaken)
    {
        var name = domain == 0 ? "example.com" : string.Join('.', Enumerable.Repeat(new string('d', 60), 4))[..domain];

        Assert.Equal(isTaken, EmailAddress.Read($"{new string('a', local)}@{name}").Kept is not null);
    }

    [Fact]
    public void The_length_of_a_domain_is_that_of_its_ASCII_form()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('ü', 30) + "x", 6));

        Assert.Contains("At most 254", EmailAddress.Read($"{new string('a', 60)}@{domain}").Problem, StringComparison.Ordinal);
        Assert.NotNull(EmailAddress.Read($"a@{domain}").Kept);
    }
}
