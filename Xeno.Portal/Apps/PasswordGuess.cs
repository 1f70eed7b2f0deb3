using Xeno.Portal.Limits;

namespace Xeno.Portal.Apps;

/// <summary>Wrong passwords where a signed-in account is asked for its password again. Counted even when rate limits are off.</summary>
internal static class PasswordGuess
{
    private const int MostWrong = 10;

    public static Guess Of(string accountId) => new($"password again of {accountId}", MostWrong, Guess.FiveMinutes, IsLockout: true);
}
