using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Limits;
using Xeno.Portal.Sessions;

namespace Xeno.Portal.Accounts;

/// <summary>
/// POST /account/password-check: what is wrong with a new password, for the script that says it while somebody types. The form checks it
/// again when it is sent, by the same rules.
/// </summary>
internal static class PasswordCheckEndpoint
{
    public static async Task<Results<Ok<PasswordCheck>, StatusCodeHttpResult>> CheckAsync(
        HttpContext context, [FromForm] string? password, [FromForm] string? email, PasswordStrength strength,
        UserManager<Account> accounts, RateLimits limits, IOptions<AccountRateLimits> rateLimits, IOptions<AccountsOptions> options)
    {
        if (limits.TakeFrom(rateLimits.Value.PasswordCheck, context) is { } wait)
        {
            TooManyRequests.AnswerWith(context.Response, wait);
            return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        context.Response.Headers.CacheControl = "no-store";
        if (string.IsNullOrEmpty(password))
            return TypedResults.Ok(new PasswordCheck(null));
        if (password.Length < options.Value.PasswordLength)
            return TypedResults.Ok(new PasswordCheck(PasswordWords.TooShort(options.Value)));

        var own = context.User.AccountId() is { } id ? await accounts.FindByIdAsync(id) : null;
        try
        {
            return TypedResults.Ok(new PasswordCheck(
                await strength.ProblemOfAsync(password, own?.Email ?? email, own?.DisplayName) ?? PasswordWords.Good));
        }
        catch (TooBusyException)
        {
            TooBusyException.AnswerWith(context.Response);
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}

/// <summary>What the page says about the password; null: nothing.</summary>
internal sealed record PasswordCheck(string? Words);
