using MimeKit;

namespace Xeno.Portal.Mail;

/// <summary>How mails leave the portal: to a mail server, or as files into a folder.</summary>
internal interface IMailTransport
{
    /// <summary>Opens the way out. When that fails, no mail can be sent now, whatever it says.</summary>
    Task<IMailConnection> OpenAsync(CancellationToken cancellationToken);
}

/// <summary>An open way out, for several mails one after the other.</summary>
internal interface IMailConnection : IAsyncDisposable
{
    /// <summary>False: it was lost, and the next mail needs another one.</summary>
    bool IsOpen { get; }

    /// <summary>Returns when somebody else is responsible for the mail.</summary>
    Task SendAsync(MimeMessage message, CancellationToken cancellationToken);
}
