namespace Xeno.Portal.Hosting;

/// <summary>The connections of interactive pages.</summary>
internal static class Circuits
{
    /// <summary>Where the framework takes them, and where their scripts negotiate.</summary>
    public static readonly PathString Path = "/_blazor";
}
