using System.Globalization;

namespace Xeno.Portal.Limits;

/// <summary>429 (RFC 6585 §4), with the seconds to wait; the words and the shape are those of whoever refuses.</summary>
public static class TooManyRequests
{
    /// <summary>Sets status and <c>Retry-After</c>; nothing of it is kept by a cache.</summary>
    public static void AnswerWith(HttpResponse response, TimeSpan wait)
    {
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-store";
    }

    /// <summary>The wait in words: "a minute" rather than "47 seconds", which nobody counts.</summary>
    public static string InWords(TimeSpan wait) => wait.TotalSeconds switch
    {
        <= 5 => "a few seconds",
        <= 60 => "a minute",
        var seconds => $"{Math.Ceiling(seconds / 60)} minutes",
    };
}
