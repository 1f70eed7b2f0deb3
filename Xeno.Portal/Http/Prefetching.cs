namespace Xeno.Portal.Http;

/// <summary>Requests that a browser sends on a guess, before the person has followed a link.</summary>
internal static class Prefetching
{
    // Purpose is of older Chromium and Safari, X-Moz of older Firefox.
    private static readonly string[] s_headers = ["Sec-Purpose", "Purpose", "X-Moz", "X-Purpose"];

    /// <summary>Whether the request says that it fetches or draws a page ahead of its visit.</summary>
    public static bool IsPrefetch(HttpRequest request) => HttpMethods.IsGet(request.Method) && s_headers.Any(header
        => request.Headers[header].Any(value
            => value is not null && (value.Contains("prefetch", StringComparison.OrdinalIgnoreCase)
                                     || value.Contains("prerender", StringComparison.OrdinalIgnoreCase)
                                     || value.Contains("preview", StringComparison.OrdinalIgnoreCase))));
}
