using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Xeno.Portal.Mail;

/// <summary>
/// Why a mail could not be sent, in our words: for the log and for the operator. What the mail server itself answered is left out, because
/// it repeats addresses; only its code is there.
/// </summary>
/// <param name="Words">One sentence.</param>
/// <param name="IsFinal">
/// The server knows no such recipient, and a further try would be answered the same (RFC 5321 §4.2.1, §4.2.3: 550, 551, 553).
/// </param>
internal sealed record MailFailure(string Words, bool IsFinal = false)
{
    public static MailFailure Of(Exception exception) => exception switch
    {
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } refused
            => new(Answered("the recipient", refused), IsFinal: refused.StatusCode is SmtpStatusCode.MailboxUnavailable
                or SmtpStatusCode.UserNotLocalTryAlternatePath or SmtpStatusCode.MailboxNameNotAllowed),
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } refused => new(Answered("the sender, Mail:From,", refused)),
        SmtpCommandException refused => new(Answered("the mail", refused)),
        SslHandshakeException => new("The connection to the mail server could not be encrypted: its certificate is not trusted, or it "
            + "does not speak TLS on this port."),
        AuthenticationException => new("The mail server refused Mail:User and Mail:Password."),
        NotSupportedException => new("The mail server does not offer the encryption of Mail:Security, or no log-in for Mail:User."),
        SocketException unreachable => new($"The mail server cannot be reached ({unreachable.SocketErrorCode})."),
        OperationCanceledException or TimeoutException => new("The mail server did not answer in time."),
        SmtpProtocolException or ServiceNotConnectedException => new("The mail server ended the connection."),
        UnauthorizedAccessException => new("The portal's user may not write to Mail:Folder."),
        IOException { InnerException: SocketException lost }
            => new($"The connection to the mail server was lost ({lost.SocketErrorCode})."),
        IOException => new("The mail could not be written to Mail:Folder, or the connection to the mail server was lost."),
        _ => new($"The mail could not be sent ({exception.GetType().Name})."),
    };

    private static string Answered(string what, SmtpCommandException refused)
        => string.Create(CultureInfo.InvariantCulture, $"The mail server did not take {what} ({(int)refused.StatusCode}).");
}
