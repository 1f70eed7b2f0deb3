using System.Globalization;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Limits;

/// <summary>429 (RFC 6585 §4), with the seconds to wait. Text and form of the body belong to the endpoint that refuses.</summary>
public static class TooManyRequests
{
    /// <summary>The error code of a request that came too often, where its endpoint names no other.</summary>
    public const string Error = "too_many_requests";

    /// <summary>Sets status and <c>Retry-After</c>, keeps the answer out of caches, and notes the outcome in the request's facts.</summary>
    public static void AnswerWith(HttpResponse response, TimeSpan wait)
    {
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-store";
        var facts = response.HttpContext.Facts();
        facts.Outcome = RequestOutcome.Limited;
        facts.Error ??= Error;
    }

    /// <summary>The wait in words, rounded up: "a minute" for 47 seconds.</summary>
    public static string InWords(TimeSpan wait) => wait.TotalSeconds switch
    {
        <= 5 => "a few seconds",
        <= 60 => "a minute",
        var seconds => $"{Math.Ceiling(seconds / 60)} minutes",
    };
}
