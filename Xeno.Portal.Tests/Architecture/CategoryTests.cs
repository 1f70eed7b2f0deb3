using System.Reflection;

namespace Xeno.Portal.Tests.Architecture;

/// <summary>
/// Every test class says by <c>[Trait("Category", ...)]</c> what it needs, so that <c>./test.sh fast</c> needs only the SDK.
/// </summary>
[Trait("Category", "Fast")]
public sealed class CategoryTests
{
    private static readonly string[] s_categories =
    [
        "Fast",       // The portal in this process, on SQLite.
        "Database",   // PostgreSQL, alone or beside SQLite.
        "Browser",    // Chromium.
        "Operations", // Processes, nginx, kills, load, fuzzing, and what only root may do.
    ];

    [Fact]
    public void Every_test_class_is_in_exactly_one_category()
    {
        var classes = typeof(CategoryTests).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute)))).ToList();

        Assert.True(classes.Count > 60, $"{classes.Count} test classes");
        Assert.Empty(classes.Where(type => CategoriesOf(type) is not [var only] || !s_categories.Contains(only))
            .Select(type => type.FullName));
    }

    private static string[] CategoriesOf(Type type)
        => [.. type.GetCustomAttributes<TraitAttribute>(inherit: true)
            .Where(trait => trait.Name == "Category").Select(trait => trait.Value)];
}
