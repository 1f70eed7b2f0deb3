using Microsoft.AspNetCore.Components;

namespace Xeno.Portal.Shell;

/// <summary>The way out of an interactive page whose session has ended.</summary>
internal static class LogInAgain
{
    /// <summary>Leads to the log-in page, and from there back to this page.</summary>
    public static void LeadToLogin(this NavigationManager addresses)
        => addresses.NavigateTo(PortalUrls.LoginThen("/" + addresses.ToBaseRelativePath(addresses.Uri)), forceLoad: true);
}
