using System.Reflection;
using System.Text.RegularExpressions;

namespace Xeno.Portal.Tests.Architecture;

/// <summary>
/// docs/security.md says of each requirement what holds it and which test shows it, so both must exist, and no requirement may be missing.
/// </summary>
[Trait("Category", "Fast")]
public sealed partial class SecurityDocumentTests
{
    // The sections of RFC 9700 that ask something of an authorization server or a resource server. Where a section asks several things,
    // each has a letter.
    private const string Rfc9700 =
        """
        2.1a 2.1b 2.1c 2.1.1a 2.1.1b 2.1.1c 2.1.1d 2.1.1e 2.1.1f 2.1.2 2.2.1 2.2.2 2.3a 2.3b 2.3c 2.4 2.5a 2.5b 2.6a 2.6b 2.6c 2.6d 2.6e
        2.6f 4.1.3a 4.1.3b 4.2.4a 4.2.4b 4.2.4c 4.3.1 4.3.2 4.4.2.1 4.5.3.1 4.7.1 4.8.2a 4.8.2b 4.9.3a 4.9.3b 4.9.3c 4.10a 4.10b
        4.11.2a 4.11.2b 4.11.2c 4.12a 4.12b 4.13a 4.13b 4.14.2 4.15.1 4.16a 4.16b 4.16c 4.17.2
        """;

    // Chapter V10 of OWASP ASVS 5.0, levels 1 and 2.
    private const string AsvsV10 =
        """
        10.1.1 10.1.2 10.2.1 10.2.2 10.3.1 10.3.2 10.3.3 10.3.4
        10.4.1 10.4.2 10.4.3 10.4.4 10.4.5 10.4.6 10.4.7 10.4.8 10.4.9 10.4.10 10.4.11
        10.5.1 10.5.2 10.5.3 10.5.4 10.5.5 10.6.1 10.6.2 10.7.1 10.7.2 10.7.3
        """;

    private static readonly Row[] s_rows =
        [.. ProductTypes.RowsOf("security.md").Where(cells => !cells[0].StartsWith("---", StringComparison.Ordinal)).Select(Row.Of)
            .Where(row => row.HeldBy is not "held by")];

    private static readonly ILookup<string, Type> s_testClasses = typeof(SecurityDocumentTests).Assembly.GetTypes()
        .Where(type => !type.IsNested).ToLookup(type => type.Name, StringComparer.Ordinal);

    [Fact]
    public void Every_requirement_is_there_exactly_once_and_in_order()
        => Assert.Equal(
            (Rfc9700 + " " + AsvsV10).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            s_rows.Select(row => row.Number).Where(number => char.IsAsciiDigit(number[0])));

    [Fact]
    public void Every_type_that_is_named_exists()
        => Assert.Empty(s_rows.SelectMany(row => ProductTypes.NamedIn(row.HeldBy)).Except(ProductTypes.ByName.Keys));

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var tests = s_rows.SelectMany(row => row.Tests).Distinct().ToList();

        Assert.True(tests.Count > 80, $"{tests.Count} tests");
        Assert.Empty(tests.Except(tests.Where(test => s_testClasses[test.Class].Any(type => IsTest(type.GetMethod(test.Method))))));

        static bool IsTest(MethodInfo? method) => method?.IsDefined(typeof(FactAttribute), inherit: true) == true;
    }

    [Fact]
    public void A_row_names_what_holds_it_and_a_test_or_says_that_it_is_not_held()
    {
        Assert.All(s_rows, row => Assert.True(
            row.HeldBy.StartsWith("**Not held.**", StringComparison.Ordinal)
                || row.HeldBy.StartsWith("**Not ours", StringComparison.Ordinal)
                || (ProductTypes.NamedIn(row.HeldBy).Any() && row.Tests.Count > 0),
            $"{row.Number} {row.Requirement}"));

        // Nothing else is written into the cells of tests, where it would not be looked for.
        Assert.All(s_rows, row => Assert.Matches(@"^(`\w+\.\w+`(, |$))*$", row.ShownBy));
    }

    [GeneratedRegex(@"`(\w+)\.(\w+)`")]
    private static partial Regex TestNames();

    private sealed record Row(string Number, string Requirement, string HeldBy, string ShownBy)
    {
        public IReadOnlyList<(string Class, string Method)> Tests { get; }
            = [.. TestNames().Matches(ShownBy).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

        public static Row Of(string[] cells)
            => cells is [var number, var requirement, var heldBy, var shownBy]
                ? new Row(number, requirement, heldBy, shownBy)
                : throw new InvalidOperationException($"A row of docs/security.md has not four cells: {string.Join(" | ", cells)}");
    }
}
