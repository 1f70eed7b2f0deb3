using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.OAuth;
using Xeno.Portal.Scopes;

namespace Xeno.Portal.Bench;

/// <summary>What is pure computing on the hot path.</summary>
[MemoryDiagnoser]
public class Micro
{
    private readonly string _token = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));
    private readonly byte[] _form = Encoding.ASCII.GetBytes(
        "client_id=abcdefghijklmnopqrstuvwxyz&client_secret=0123456789abcdef0123456789abcdef&code=0123456789abcdef&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback");

    internal static void Run(string[] arguments) => BenchmarkSwitcher.FromTypes([typeof(Micro)]).Run(arguments);

    [Benchmark]
    public string HashAToken() => TokenHash.Of(_token);

    [Benchmark]
    public RequestParameters ReadAForm() => RequestParameters.Read(_form);

    [Benchmark]
    public ScopeSet ReadScopes() => ScopeSet.FromStored(_token.Length > 0 ? "widgets contacts" : "");
}
