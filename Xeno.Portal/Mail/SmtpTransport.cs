using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Xeno.Portal.Mail;

/// <summary>
/// Sends by SMTP (RFC 5321) to the server of the settings. The server's certificate must be trusted by this machine and bear the name of
/// <c>Mail:Host</c>.
/// </summary>
internal sealed class SmtpTransport(IOptions<MailOptions> options) : IMailTransport
{
    public async Task<IMailConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        // A certificate authority of a company seldom says where it lists revoked certificates. Browsers do not ask either.
        var client = new SmtpClient { CheckCertificateRevocation = false };
        try
        {
            await client.ConnectAsync(settings.Host!, settings.PortInUse, OptionsOf(settings.Security), cancellationToken);
            if (!string.IsNullOrEmpty(settings.User))
                await client.AuthenticateAsync(settings.User, settings.Password!, cancellationToken);
            return new Connection(client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static SecureSocketOptions OptionsOf(MailSecurity security) => security switch
    {
        MailSecurity.StartTls => SecureSocketOptions.StartTls, // Not StartTlsWhenAvailable: somebody on the way could take the offer out.
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.None,
    };

    private sealed class Connection(SmtpClient client) : IMailConnection
    {
        // How long the farewell may take; the mails are sent already.
        private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

        public bool IsOpen => client.IsConnected;

        public Task SendAsync(MimeMessage message, CancellationToken cancellationToken) => client.SendAsync(message, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            using (client)
            using (var farewell = new CancellationTokenSource(s_farewell))
                await client.DisconnectAsync(quit: true, farewell.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
