using Xeno.Portal.Http;

namespace Xeno.Portal.Limits;

/// <summary>The processors have more passwords to compare than they can do soon. Nothing was compared.</summary>
public sealed class TooBusyException() : NotNowException("The processors are busy with other passwords.")
{
    /// <summary>For the person who typed the password.</summary>
    public const string Text =
        "Many people are signing in at this moment, so your password was not looked at. Try again in a few seconds.";

    /// <summary>Sets 503 and <c>Retry-After</c>, for a page that shows <see cref="Text"/> beside what was typed.</summary>
    public static void AnswerWith(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = ErrorAnswers.SecondsUntilAnotherTry;
    }
}
