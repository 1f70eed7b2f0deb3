using System.Text.RegularExpressions;
using Xeno.Portal.Data;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Architecture;

/// <summary>
/// docs/rules.md leads from each promise to the code that keeps it, so the names in it must exist, and no rule may be missing.
/// </summary>
[Trait("Category", "Fast")]
public sealed partial class RulesDocumentTests
{
    private static readonly Dictionary<string, Type> s_types = new[] { typeof(Program).Assembly, typeof(PortalDbContext).Assembly }
        .SelectMany(assembly => assembly.GetTypes()).Where(type => !type.IsNested && type.Namespace is not null)
        .GroupBy(NameOf, StringComparer.Ordinal).ToDictionary(types => types.Key, types => types.First(), StringComparer.Ordinal);

    private static readonly HashSet<string> s_named = Names()
        .Matches(string.Join('\n', File.ReadLines(Path.Combine(SourceTree.Top, "docs", "rules.md"))
            .Where(line => line.StartsWith('|')).Select(line => line.Split('|')[2])))
        .Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

    [Fact]
    public void Every_type_that_is_named_exists()
    {
        Assert.True(s_named.Count > 50, $"{s_named.Count} names");
        Assert.Empty(s_named.Except(s_types.Keys));
    }

    [Fact]
    public void Every_rule_of_the_protocol_endpoints_is_named()
    {
        var rules = s_types.Values
            .Where(type => type.Namespace!.StartsWith("Xeno.Portal.OAuth.Rules.", StringComparison.Ordinal) && !type.IsAbstract
                && type.GetInterfaces().Any(i => i.Name.StartsWith("IOpenIddictServerHandler", StringComparison.Ordinal)))
            .Select(NameOf).Except(s_helpers).ToList();

        Assert.True(rules.Count > 20, $"{rules.Count} rules");
        Assert.Empty(rules.Except(s_named));
    }

    // They carry what the named rules decide: read the row, count, set the status.
    private static readonly string[] s_helpers =
        ["ReadCodeOrTokenRow", "KnownClient", "RefusalStatus<TContext>", "WrongSecretCount<TContext>"];

    private static string NameOf(Type type)
        => type.IsGenericTypeDefinition
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(argument => argument.Name))}>"
            : type.Name;

    [GeneratedRegex(@"`([A-Z][\w<>]+)`")]
    private static partial Regex Names();
}
