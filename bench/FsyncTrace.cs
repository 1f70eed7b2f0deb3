using System.Diagnostics;

namespace Xeno.Portal.Bench;

/// <summary>
/// Counts the fsync calls of a server. The server runs under <c>strace</c> from its start, because only then a seccomp filter stops it for
/// these calls alone; if <c>strace</c> is attached later, it stops the server for every call.
/// </summary>
internal sealed class FsyncTrace(string file)
{
    private int _seen;

    public ProcessStartInfo Wrap(ProcessStartInfo command)
    {
        List<string> arguments =
            ["-f", "--seccomp-bpf", "-e", "trace=fsync,fdatasync", "-o", file, command.FileName, .. command.ArgumentList];
        var wrapped = new ProcessStartInfo("strace", arguments) { WorkingDirectory = command.WorkingDirectory };
        foreach (var (name, value) in command.Environment)
            wrapped.Environment[name] = value;
        return wrapped;
    }

    /// <summary>The number of calls since the last call of this method.</summary>
    public int Take()
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var all = 0;
        while (reader.ReadLine() is { } line)
            if (line.Contains("sync(", StringComparison.Ordinal))
                all++;
        var taken = all - _seen;
        _seen = all;
        return taken;
    }
}
