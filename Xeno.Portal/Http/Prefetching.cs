namespace Xeno.Portal.Http;

/// <summary>Requests that a browser sends on a guess, before the person has followed a link.</summary>
internal static class Prefetching
{
    // Purpose is of older Chromium, X-Purpose of Safari, X-Moz of older Firefox.
    private static readonly string[] s_headers = ["Sec-Purpose", "Purpose", "X-Moz", "X-Purpose"];
    private static readonly string[] s_purposes = ["prefetch", "prerender", "preview"];

    /// <summary>Whether the request says that it fetches or draws a page ahead of its visit.</summary>
    public static bool IsPrefetch(HttpRequest request) => HttpMethods.IsGet(request.Method) && s_headers.Any(header
        => s_purposes.Any(purpose => request.Headers[header].ToString().Contains(purpose, StringComparison.OrdinalIgnoreCase)));
}
