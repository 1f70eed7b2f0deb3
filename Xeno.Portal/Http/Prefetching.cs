namespace Xeno.Portal.Http;

/// <summary>Requests that a browser sends on a guess, before the person has followed a link.</summary>
internal static class Prefetching
{
    // Purpose is of older Chromium, X-Purpose of Safari, X-Moz of older Firefox.
    private static readonly string[] s_headers = ["Sec-Purpose", "Purpose", "X-Moz", "X-Purpose"];
    private static readonly string[] s_purposes = ["prefetch", "prerender", "preview"];

    /// <summary>Whether the request says that it fetches or draws a page ahead of its visit.</summary>
    public static bool IsPrefetch(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method))
            return false;

        foreach (var header in s_headers)
            if (request.Headers.TryGetValue(header, out var value) && IsAhead(value.ToString()))
                return true;
        return false;
    }

    /// <summary>
    /// Answers a prefetch with nothing: 204. A speculation rule's is 425 (RFC 8470), because Chromium keeps every answer of 2xx to it,
    /// whatever its Cache-Control, and takes it for the visit: after a 204 the person's click would do nothing. Errors are not kept.
    /// </summary>
    public static Task AnswerNothingAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Headers["Sec-Fetch-Mode"] != "navigate")
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        context.Response.StatusCode = 425; // Not 503, for which a proxy would ask another node.
        return context.Response.WriteAsync("This address is for a person's visit. It gives nothing ahead of it.");
    }

    private static bool IsAhead(string value)
    {
        foreach (var purpose in s_purposes)
            if (value.Contains(purpose, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }
}
