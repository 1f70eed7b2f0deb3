using System.Runtime.InteropServices;

namespace Xeno.Portal.Bench;

/// <summary>Sends the signals that end processes in an orderly way.</summary>
internal static partial class Signals
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    public static void StopService(int processId) => _ = Kill(processId, Terminate);

    public static void StopTool(int processId) => _ = Kill(processId, Interrupt);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
