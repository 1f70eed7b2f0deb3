using Xeno.Portal.Http;

namespace Xeno.Portal.Mail;

/// <summary>
/// Makes the links of mails absolute: from <c>OAuth:Issuer</c>; without it, for a portal that only this machine can reach, from the address
/// of the request, or in background work from the address that the portal listens on.
/// </summary>
internal sealed class MailLinks(PublicOrigin origin, Reach reach, IHttpContextAccessor requests)
{
    /// <exception cref="ArgumentException">The path is not one of this portal.</exception>
    /// <exception cref="InvalidOperationException">There is no issuer, and the portal does not listen yet.</exception>
    public string Absolute(string path)
    {
        if (path is not ['/', ..] || path is ['/', '/' or '\\', ..])
            throw new ArgumentException("A link in a mail must be a path of this portal, from PortalUrls.", nameof(path));
        return Origin + path;
    }

    private string Origin => origin.Configured
        ?? (requests.HttpContext is { } context ? origin.For(context.Request) : reach.Addresses.FirstOrDefault())
        ?? throw new InvalidOperationException("A mail with a link needs OAuth:Issuer, or a portal that listens.");
}
