using Xeno.Portal.Text;

namespace Xeno.Portal.Apps;

/// <summary>The rules for an app's name, which the consent page shows: those of <see cref="ShownName"/>.</summary>
public static class AppNames
{
    /// <summary>The name as it is stored (trimmed); or null, with the reason and what to do in <paramref name="problem"/>.</summary>
    public static string? Read(string? typed, out string? problem)
    {
        var name = (typed ?? "").Trim();
        problem = name.Length == 0
            ? "Enter the name that people will see when they are asked to install the app."
            : ShownName.ProblemOf(name);
        return problem is null ? name : null;
    }
}
