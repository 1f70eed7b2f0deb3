using System.Globalization;

namespace Xeno.Portal.Apps.Components;

/// <summary>How a number of installs is said.</summary>
public static class Installs
{
    public static string Words(int installs) => installs switch
    {
        0 => "not installed yet",
        1 => "installed on 1 account",
        _ => string.Create(CultureInfo.InvariantCulture, $"installed on {installs:N0} accounts"),
    };
}
