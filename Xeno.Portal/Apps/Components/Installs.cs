using System.Globalization;

namespace Xeno.Portal.Apps.Components;

/// <summary>Puts a number of installs into words.</summary>
public static class Installs
{
    public static string Words(int installs) => installs switch
    {
        0 => "not installed yet",
        1 => "installed on 1 account",
        _ => string.Create(CultureInfo.InvariantCulture, $"installed on {installs:N0} accounts"),
    };
}
