namespace Xeno.Portal.Bench;

/// <summary>Prints reports as Markdown for docs/performance.md.</summary>
internal static class Tables
{
    public static void Print(IReadOnlyList<Report> reports)
    {
        foreach (var report in reports)
        {
            Console.WriteLine($"\n### {report.Subject.Name}\n");
            Console.WriteLine(
                $"First answer {report.ColdStart.TotalMilliseconds:F0} ms after the start; "
                + $"resident {report.MegabytesAtRest:F0} MiB at rest, {report.MegabytesAfter:F0} MiB after the load.\n");
            Console.WriteLine("| leg | connections | CPU ms | requests/s | p50 ms | p99 ms | fsyncs | KiB allocated |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (var m in report.Measurements.OrderBy(m => Legs.Names.ToList().IndexOf(m.Leg)).ThenBy(m => m.Connections))
                Console.WriteLine(
                    $"| {m.Leg} | {m.Connections} | {m.CpuMilliseconds:F3} | {m.Load.PerSecond:F0} | {m.Load.Median.TotalMilliseconds:F2} "
                    + $"| {m.Load.P99.TotalMilliseconds:F2} | {m.Fsyncs:F2} | {m.AllocatedKilobytes:F1} |");
        }

        foreach (var other in reports.Skip(1))
            PrintRatios(reports[0], other);
    }

    /// <summary>Below 1.00 the first subject is better in CPU, p99 and start, above 1.00 in requests a second.</summary>
    private static void PrintRatios(Report first, Report other)
    {
        Console.WriteLine($"\n### {first.Subject.Name} as a multiple of {other.Subject.Name}\n");
        Console.WriteLine("| leg | connections | CPU | requests/s | p99 |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var m in first.Measurements.OrderBy(m => Legs.Names.ToList().IndexOf(m.Leg)).ThenBy(m => m.Connections))
            if (other.Of(m.Leg, m.Connections) is { } o)
                Console.WriteLine(
                    $"| {m.Leg} | {m.Connections} | {m.CpuMilliseconds / o.CpuMilliseconds:F2} "
                    + $"| {m.Load.PerSecond / o.Load.PerSecond:F2} | {m.Load.P99 / o.Load.P99:F2} |");
        if (first.ColdStart > TimeSpan.Zero)
            Console.WriteLine($"\nFirst answer: {first.ColdStart / other.ColdStart:F2}");
    }
}
