using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using MimeKit;
using Xeno.Portal.Http;

namespace Xeno.Portal.Mail;

/// <summary>Settings section <c>Mail</c>: how mails leave the portal.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    // The submission ports of RFC 8314 §3.3 and RFC 6409, and the one of relays.
    private const int StartTlsPort = 587, TlsPort = 465, RelayPort = 25;

    /// <summary>The name or address of the SMTP server. Not set: mails are written as files to <see cref="Folder"/>.</summary>
    public string? Host { get; set; }

    /// <summary>The server's port; not set: 587 with StartTls, 465 with Tls, 25 with None.</summary>
    [Range(1, 65535, ErrorMessage = "Mail:Port must be between 1 and 65535.")]
    public int? Port { get; set; }

    /// <summary>The name to log in with at the server; not set: without a log-in.</summary>
    public string? User { get; set; }

    /// <summary>The password of <see cref="User"/>.</summary>
    public string? Password { get; set; }

    /// <summary>How the connection to the server is encrypted.</summary>
    [EnumDataType(typeof(MailSecurity), ErrorMessage = "Mail:Security must be StartTls, Tls or None.")]
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>The sender: <c>portal@example.com</c>, or with a name: <c>Xeno Portal &lt;portal@example.com&gt;</c>.</summary>
    public string? From { get; set; }

    /// <summary>Where mails are written without a <see cref="Host"/>; a relative path starts at the settings folder.</summary>
    [Required(ErrorMessage = "Mail:Folder must name a folder.")]
    public string Folder { get; set; } = "Data/mail";

    /// <summary>The most mails of one class (<c>MailClass</c>) to one address within an hour.</summary>
    [Range(1, 100_000, ErrorMessage = "Mail:MostPerAddressAndHour must be between 1 and 100000.")]
    public int MostPerAddressAndHour { get; set; } = 20;

    /// <summary>How long a mail is tried before it is given up.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00", ErrorMessage = "Mail:GiveUpAfter must be between 00:01:00 and 30.00:00:00.")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(2);

    /// <summary>Whether mails are sent; otherwise they are written to the folder.</summary>
    [MemberNotNullWhen(true, nameof(Host))]
    internal bool HasServer => !string.IsNullOrEmpty(Host);

    internal int PortInUse => Port ?? Security switch
    {
        MailSecurity.Tls => TlsPort,
        MailSecurity.None => RelayPort,
        _ => StartTlsPort,
    };

    // Files in a folder need a sender too; nobody answers them.
    internal MailboxAddress Sender => MailboxAddress.Parse(string.IsNullOrEmpty(From) ? "Xeno Portal <no-reply@localhost>" : From);
}

/// <summary>How the connection to the mail server is encrypted.</summary>
public enum MailSecurity
{
    /// <summary>The connection begins in plain text and is encrypted before anything is sent (RFC 3207). Required, not tried.</summary>
    StartTls,

    /// <summary>The connection is encrypted from its first byte (RFC 8314 §3.3).</summary>
    Tls,

    /// <summary>Nothing is encrypted.</summary>
    None,
}

/// <summary>What several keys must fulfil together. No sentence contains the password.</summary>
internal sealed class MailOptionsValidation : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
        => ProblemsOf(options).ToList() is { Count: > 0 } problems
            ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;

    private static IEnumerable<string> ProblemsOf(MailOptions options)
    {
        if (options.HasServer && Uri.CheckHostName(options.Host) is UriHostNameType.Unknown)
            yield return "Mail:Host must be the name or the address of a mail server, such as smtp.example.com, without port; "
                + $"it is '{options.Host}'.";
        if (options.HasServer && string.IsNullOrEmpty(options.From))
            yield return "Mail:From must be set when Mail:Host is: it is the sender of every mail.";
        if (!string.IsNullOrEmpty(options.From) && !IsAddress(options.From))
            yield return "Mail:From must be an e-mail address such as portal@example.com or Xeno Portal <portal@example.com>; "
                + $"it is '{options.From}'.";
        if (string.IsNullOrEmpty(options.User) != string.IsNullOrEmpty(options.Password))
            yield return "Mail:User and Mail:Password must be set together, or neither of them.";
        if (!string.IsNullOrEmpty(options.User) && options is { HasServer: true, Security: MailSecurity.None }
            && !PublicOrigin.IsLoopback(options.Host))
            yield return "Mail:Security must be StartTls or Tls when Mail:User is set, because None would send the password in plain text.";
    }

    private static bool IsAddress(string text)
        => MailboxAddress.TryParse(text, out var address) && address.Address.IndexOf('@', StringComparison.Ordinal) > 0;
}
