using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.OAuth;
using Xeno.Portal.Scopes;

namespace Xeno.Portal.Bench;

/// <summary>The pure computing in the measured requests.</summary>
[MemoryDiagnoser]
public class Micro
{
    private readonly string _token = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));
    private readonly byte[] _form = Encoding.ASCII.GetBytes(
        "client_id=abcdefghijklmnopqrstuvwxyz&client_secret=0123456789abcdef0123456789abcdef&code=0123456789abcdef"
        + "&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback");

    // In this process: a separate project of BenchmarkDotNet would have to build the portal again, without its runtime identifier.
    internal static void Run(string[] arguments) => BenchmarkSwitcher.FromTypes([typeof(Micro)]).Run(
        arguments, DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));

    [Benchmark]
    public string MakeAToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(_token.Length / 2));

    [Benchmark]
    public string HashAToken() => TokenHash.Of(_token);

    [Benchmark]
    public RequestParameters ReadAForm() => RequestParameters.Read(_form);

    [Benchmark]
    public ScopeSet ReadScopes() => ScopeSet.FromStored(_token.Length > 0 ? "widgets contacts" : "");
}
