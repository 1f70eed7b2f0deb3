using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Apps;
using Xeno.Portal.Limits;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Apps;

/// <summary>How often a signed-in account may type a wrong password where it is asked again.</summary>
[Trait("Category", "Fast")]
public sealed class PasswordGuessTests : IAsyncDisposable
{
    private readonly PortalFactory _portal = new() { Settings = { ["RateLimits:Enabled"] = "false" } };

    [Fact]
    public async Task Ten_wrong_passwords_stop_that_account_for_five_minutes_even_without_rate_limits()
    {
        var guesses = _portal.Services.GetRequiredService<WrongGuesses>();
        var (guess, others) = (PasswordGuess.Of("account-1"), PasswordGuess.Of("account-2"));

        for (var wrong = 0; wrong < 10; wrong++)
        {
            Assert.Null(await guesses.WaitAsync(guess));
            await guesses.CountAsync(guess);
        }

        Assert.Equal(TimeSpan.FromMinutes(5), await guesses.WaitAsync(guess));
        Assert.Null(await guesses.WaitAsync(others));
        _portal.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(await guesses.WaitAsync(guess));
    }

    public ValueTask DisposeAsync() => _portal.DisposeAsync();
}
