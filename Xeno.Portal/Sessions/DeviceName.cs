namespace Xeno.Portal.Sessions;

/// <summary>The name of a browser in the history: "Firefox on Linux". Only these words are kept, not what the browser sent.</summary>
public static class DeviceName
{
    // The first match counts: Edge and Opera also say Chrome, Chrome also says Safari, Android also says Linux.
    private static readonly (string Part, string Name)[] s_browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Part, string Name)[] s_systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
        ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    /// <summary>The name for a request's <c>User-Agent</c>; null when it names no browser that is known here.</summary>
    public static string? Of(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        var (browser, system) = (Find(s_browsers, agent), Find(s_systems, agent));
        return browser is null ? null : system is null ? browser : $"{browser} on {system}";
    }

    private static string? Find((string Part, string Name)[] names, string agent)
        => Array.Find(names, name => agent.Contains(name.Part, StringComparison.Ordinal)).Name;
}
