namespace Xeno.Portal.Tests.Architecture;

/// <summary>
/// docs/rules.md leads from each promise to the code that keeps it, so the names in it must exist, and no rule may be missing.
/// </summary>
[Trait("Category", "Fast")]
public sealed class RulesDocumentTests
{
    private static readonly HashSet<string> s_named = ProductTypes.RowsOf("rules.md")
        .SelectMany(row => ProductTypes.NamedIn(row[1])).ToHashSet(StringComparer.Ordinal);

    [Fact]
    public void Every_type_that_is_named_exists()
    {
        Assert.True(s_named.Count > 50, $"{s_named.Count} names");
        Assert.Empty(s_named.Except(ProductTypes.ByName.Keys));
    }

    [Fact]
    public void Every_rule_of_the_protocol_endpoints_is_named()
    {
        var rules = ProductTypes.ByName.Values
            .Where(type => type.Namespace!.StartsWith("Xeno.Portal.OAuth.Rules.", StringComparison.Ordinal) && !type.IsAbstract
                && type.GetInterfaces().Any(i => i.Name.StartsWith("IOpenIddictServerHandler", StringComparison.Ordinal)))
            .Select(ProductTypes.NameOf).Except(s_helpers).ToList();

        Assert.True(rules.Count > 20, $"{rules.Count} rules");
        Assert.Empty(rules.Except(s_named));
    }

    // They carry what the named rules decide: read the row, count, set the status.
    private static readonly string[] s_helpers =
        ["ReadCodeOrTokenRow", "KnownClient", "RefusalStatus<TContext>", "WrongSecretCount<TContext>"];
}
