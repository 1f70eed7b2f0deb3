using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Limits;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Limits;

/// <summary>Which wrong guesses are counted.</summary>
[Trait("Category", "Fast")]
public sealed class WrongGuessesTests
{
    [Theory]
    [InlineData("true", false, true)]
    [InlineData("true", true, true)]
    [InlineData("false", false, false)]
    [InlineData("false", true, true)]
    public async Task Without_limits_only_lockouts_are_counted(string enabled, bool isLockout, bool isCounted)
    {
        await using var portal = new PortalFactory { Settings = { ["RateLimits:Enabled"] = enabled } };
        var guesses = portal.Services.GetRequiredService<WrongGuesses>();
        var guess = new Guess("a secret", Most: 1, Guess.FiveMinutes, isLockout);

        await guesses.CountAsync(guess);

        Assert.Equal(isCounted, await guesses.WaitAsync(guess) is not null);
        Assert.Equal(isCounted, guesses.KnownWait(guess) is not null);
    }
}
