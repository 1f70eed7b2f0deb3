using Xeno.Portal.Tests.Support;

[assembly: AssemblyFixture(typeof(FreshProcessForEachMutant))]

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// Ends the process when Stryker begins a second run of tests in it; Stryker then starts another process for that run. Stryker 5.1 would
/// use one process for all its changes (stryker-net issue 3742): a change in a static field would have no effect, because the field has its
/// value already, or would stay when it is the next change's turn. Does nothing unless <c>./test.sh mutants</c> asks for it.
/// </summary>
public sealed class FreshProcessForEachMutant
{
    private static int s_runs;

    public FreshProcessForEachMutant()
    {
        // While Stryker measures which test reaches what, it needs one process for all tests.
        var isMutant = Environment.GetEnvironmentVariable("XENO_MUTANT_PROCESS") == "fresh"
            && Environment.GetEnvironmentVariable("STRYKER_COVERAGE_FILE") is null;
        if (isMutant && Interlocked.Increment(ref s_runs) > 1)
            Environment.Exit(1);
    }
}
