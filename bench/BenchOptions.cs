using System.Globalization;

namespace Xeno.Portal.Bench;

/// <summary>The options of one run of the bench.</summary>
internal sealed record BenchOptions
{
    /// <summary>The folder with the <c>Xeno.Portal.dll</c> to measure.</summary>
    public required string Build { get; init; }

    /// <summary>The folder of another build to compare it with, or null.</summary>
    public string? Against { get; init; }

    /// <summary>Whether to measure oidc-provider too, and to print the ratios to it.</summary>
    public bool Peer { get; init; }

    /// <summary>The numbers of connections; one measured pass for each.</summary>
    public IReadOnlyList<int> Connections { get; init; } = [1, 16, 64];

    /// <summary>Requests of each writing leg in one pass at 16 connections or more; API calls are four times as many.</summary>
    public int Requests { get; init; } = 4000;

    /// <summary>Measures the build a second time, on a store with that many tokens; 0: no second time.</summary>
    public int Tokens { get; init; }

    /// <summary>Whether to measure the start too.</summary>
    public bool Start { get; init; } = true;

    /// <summary>Whether to count fsyncs too, in a separate run.</summary>
    public bool Fsyncs { get; init; } = true;

    /// <summary>Whether the legs begin when the session is older than a minute, as those of people are.</summary>
    public bool OldCookies { get; init; }

    public static BenchOptions Parse(IReadOnlyList<string> arguments, string defaultBuild)
    {
        return new BenchOptions
        {
            Build = Path.GetFullPath(Value("--build") ?? defaultBuild),
            Against = Value("--against") is { } other ? Path.GetFullPath(other) : null,
            Peer = arguments.Contains("--peer"),
            Connections = Value("--connections")?.Split(',').Select(Number).ToList() ?? [1, 16, 64],
            Requests = Value("--requests") is { } requests ? Number(requests) : 4000,
            Tokens = Value("--tokens") is { } tokens ? Number(tokens) : 0,
            Start = !arguments.Contains("--no-start"),
            Fsyncs = !arguments.Contains("--no-fsyncs"),
            OldCookies = arguments.Contains("--old-cookies"),
        };

        string? Value(string name)
            => arguments.SkipWhile(argument => argument != name).Skip(1).FirstOrDefault();
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
