using Xeno.Portal.Data.Mail;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Mail;

/// <summary>A mail server whose certificate this machine trusts, by the file that an operator names in <c>SSL_CERT_FILE</c>.</summary>
[Trait("Category", "Operations")]
public sealed class TrustedMailServerTests
{
    [Theory]
    [InlineData("StartTls", false)]
    [InlineData("Tls", true)]
    public async Task A_mail_is_sent_encrypted_with_a_log_in(string security, bool isSecure)
    {
        using var certificate = MailServer.SelfMade();
        await using var server = await MailServer.StartedAsync(
            new MailServer { Certificate = certificate, IsSecure = isSecure, AsksForLogIn = true });
        await using var maker = new PortalFactory();
        var authorities = Path.Combine(Path.GetDirectoryName(maker.DatabaseFile)!, "authorities.pem");
        await File.WriteAllTextAsync(authorities, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);

        // Due a moment after the time of the maker, whose clock stands still; the process has the clock of the machine.
        await maker.AskDatabaseAsync(database =>
        {
            database.OutgoingMails.Add(new OutgoingMail
            {
                Class = MailClass.Notice, Recipient = "ada@example.com", RecipientHash = "of a test", Subject = "Hello", Text = "Hello",
                Html = "<p>Hello</p>", QueuedAt = maker.Time.GetUtcNow(), NextTryAt = maker.Time.GetUtcNow().AddMilliseconds(1),
            });
            return database.SaveChangesAsync();
        });
        await using var process = await PortalProcess.StartAsync(
            maker, [("SSL_CERT_FILE", authorities), .. server.Settings(security).Select(setting => (setting.Key, setting.Value))]);

        Assert.Equal("Hello", Assert.Single(await server.UntilAsync(1)).Subject);
        Assert.Equal((MailServer.User, MailServer.Password), Assert.Single(server.LogIns));
        Assert.True(Assert.Single(server.WereEncrypted));
    }
}
