namespace Xeno.Portal.Tests.Support;

/// <summary>The settings that <c>deploy/systemd/xeno-portal@.service</c> gives to a node.</summary>
public static class NodeUnit
{
    /// <summary>Where the unit is.</summary>
    public static string File { get; } = Path.Combine(SourceTree.Top, "deploy", "systemd", "xeno-portal@.service");

    private static readonly string[] s_lines = System.IO.File.ReadAllLines(File);

    /// <summary>The values of a key, such as <c>ExecStart</c>, in their order.</summary>
    public static IReadOnlyList<string> Values(string key)
        => [.. s_lines.Where(line => line.StartsWith($"{key}=", StringComparison.Ordinal)).Select(line => line[(key.Length + 1)..])];

    /// <summary>The environment of the node on that port.</summary>
    public static Dictionary<string, string?> EnvironmentOf(int port)
        => Values("Environment").Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => (string?)pair[1].Replace("%i", $"{port}", StringComparison.Ordinal));
}
