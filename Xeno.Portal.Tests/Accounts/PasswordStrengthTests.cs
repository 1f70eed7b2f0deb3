using Xeno.Portal.Accounts;
using Xeno.Portal.Limits;

namespace Xeno.Portal.Tests.Accounts;

/// <summary>Which passwords are refused because they are guessed soon, with the reason.</summary>
[Trait("Category", "Fast")]
public sealed class PasswordStrengthTests : IDisposable
{
    private readonly PasswordWork _work = new();

    [Theory]
    [InlineData("password123", "tried first")]
    [InlineData("Passw0rd!", "tried first")]
    [InlineData("P4$$w0rd", "tried first")]
    [InlineData("anna.mueller", "your address, your name")]
    [InlineData("AnnaMueller1984", "your address, your name")]
    [InlineData("zoezoezoe", "your address, your name")]
    [InlineData("xenoportal1", "the portal's name")]
    [InlineData("aaaaaaaaaaaa", "repeats the same characters")]
    [InlineData("abcdefghijk", "follow each other")]
    [InlineData("zxcvbnm,.", "side by side on the keyboard")]
    [InlineData("butterfly", "tried first")]
    [InlineData("22111984", "a date or a year")]
    public async Task A_password_that_is_guessed_soon_is_refused_with_the_reason(string password, string reason)
    {
        var problem = await Strength.ProblemOfAsync(password, "anna.mueller@example.com", "Zoe");

        Assert.Contains(reason, problem, StringComparison.Ordinal);
        Assert.Contains("Use a few words", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("correct horse battery")] // No rule about capitals, digits or signs.
    [InlineData("jdkw83kd")]
    [InlineData("пароль без правил")]
    [InlineData("レーザー ひまわり 改札口")]
    public async Task Others_are_taken_whatever_they_are_made_of(string password)
        => Assert.Null(await Strength.ProblemOfAsync(password, "anna.mueller@example.com", null));

    [Fact]
    public async Task A_long_one_is_taken_by_its_first_64_characters()
    {
        var mixed = string.Concat(Enumerable.Range(0, 256).Select(i => (char)('!' + (i * 37 % 90))));
        Assert.Null(await Strength.ProblemOfAsync(mixed, null, null));
        Assert.NotNull(await Strength.ProblemOfAsync(new string('a', 256), null, null));
    }

    public void Dispose() => _work.Dispose();

    private PasswordStrength Strength => new(_work);
}
