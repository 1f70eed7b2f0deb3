using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Mail;
using Xeno.Portal.Mail;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Mail;

/// <summary>Mails on their way: to a real SMTP server, and as files into a folder.</summary>
[Trait("Category", "Fast")]
public sealed class MailSenderTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_arrives_at_once_with_both_versions()
    {
        await using var server = await MailServer.StartedAsync();
        await using var portal = new PortalFactory();
        server.UseIn(portal);

        await portal.QueueMailAsync("ada@example.com");

        var mail = Assert.Single(await server.UntilAsync(1)); // By the background service, without a look at the clock.
        Assert.Equal("Xeno Portal <portal@example.com>", Unquoted(mail.From));
        Assert.Equal("ada@example.com", mail.To.ToString());
        Assert.Equal("Confirm your e-mail address", mail.Subject);
        Assert.Contains("/account/confirm?id=1&code=secret-code\n", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("code=secret-code\"", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        await portal.SendMailsAsync();
        Assert.NotNull(Assert.Single(await portal.MailRowsAsync()).SentAt);
    }

    [Fact]
    public async Task A_mail_of_a_transaction_arrives_after_its_commit_and_not_without_it()
    {
        await using var server = await MailServer.StartedAsync();
        await using var portal = new PortalFactory();
        server.UseIn(portal);

        await InTransactionAsync(portal, "never@example.com", transaction => transaction.RollbackAsync(Cancellation));
        await InTransactionAsync(portal, "ada@example.com", transaction => transaction.CommitAsync(Cancellation));

        Assert.Equal("ada@example.com", Assert.Single(await server.UntilAsync(1)).To.ToString());
        await portal.SendMailsAsync();
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task Nothing_is_lost_while_the_mail_server_is_away()
    {
        await using var server = new MailServer();
        await using var portal = new PortalFactory();
        server.UseIn(portal);
        await portal.QueueMailAsync("ada@example.com");
        await portal.QueueMailAsync("bob@example.com");
        await portal.SendMailsAsync();

        var rows = await portal.MailRowsAsync();
        Assert.Equal(1, rows.Sum(row => row.Tries)); // The server is away for all of them: one try is enough.
        Assert.Contains(rows, row => row.LastError == "The mail server cannot be reached (ConnectionRefused).");

        await server.StartAsync();
        portal.Leap(s_minute);
        await portal.SendMailsAsync();

        Assert.Equal(
            ["ada@example.com", "bob@example.com"],
            (await server.UntilAsync(2)).Select(mail => mail.To.ToString()).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("@example.com", portal.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-code", portal.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clock_alone_has_a_mail_tried_again()
    {
        await using var server = new MailServer();
        await using var portal = new PortalFactory();
        server.UseIn(portal);
        await portal.QueueMailAsync("ada@example.com");
        await portal.Log.UntilAsync("is tried again, try 1: The mail server cannot be reached");
        await server.StartAsync();

        var arrived = server.UntilAsync(1);
        while (!arrived.IsCompleted)
        {
            portal.Time.Advance(TimeSpan.FromSeconds(30));
            await Task.WhenAny(arrived, Task.Delay(100, Cancellation));
        }

        Assert.Equal("ada@example.com", Assert.Single(await arrived).To.ToString());
    }

    [Fact]
    public async Task Delays_grow_and_after_two_days_a_mail_is_given_up()
    {
        await using var server = new MailServer();
        await using var portal = new PortalFactory();
        server.UseIn(portal);
        await portal.QueueMailAsync("ada@example.com");
        var start = portal.Time.GetUtcNow();
        var tries = new List<TimeSpan>();

        OutgoingMail row;
        while (true)
        {
            await portal.SendMailsAsync();
            row = Assert.Single(await portal.MailRowsAsync());
            tries.Add(portal.Time.GetUtcNow() - start);
            Assert.Equal(tries.Count, row.Tries);
            if (row.NextTryAt is not { } next)
                break;
            portal.Leap(next - portal.Time.GetUtcNow());
        }

        Assert.Equal([TimeSpan.Zero, s_minute, 6 * s_minute, 36 * s_minute, 96 * s_minute], tries.Take(5));
        Assert.Equal(TimeSpan.FromDays(2), tries[^1]);
        Assert.Equal(52, tries.Count);
        Assert.Equal(("ada@example.com", ""), (row.Recipient, row.Text + row.Html + row.Subject));
        Assert.Contains($"Mail {row.Id} (Requested) is given up after 52 tries: The mail server cannot", portal.Log.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_recipient_is_given_up_at_once_and_the_next_mail_is_sent()
    {
        await using var server = await MailServer.StartedAsync(
            new MailServer { IsUnknown = address => address == "grace@example.com" });
        await using var portal = new PortalFactory();
        server.UseIn(portal);

        await portal.QueueMailAsync("grace@example.com");
        await portal.QueueMailAsync("ada@example.com");
        await portal.SendMailsAsync();

        Assert.Equal("ada@example.com", Assert.Single(await server.UntilAsync(1)).To.ToString());
        var row = (await portal.MailRowsAsync()).Single(row => row.GivenUpAt is not null);
        Assert.Equal(("grace@example.com", 1, "The mail server did not take the recipient (550)."),
            (row.Recipient, row.Tries, row.LastError));
        Assert.DoesNotContain("grace", portal.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_in_is_made_and_a_refused_one_is_tried_again()
    {
        await using var server = await MailServer.StartedAsync(new MailServer { AsksForLogIn = true });
        await using var portal = new PortalFactory();
        server.UseIn(portal);
        await portal.QueueMailAsync("ada@example.com");
        Assert.Single(await server.UntilAsync(1));
        Assert.Equal((MailServer.User, MailServer.Password), Assert.Single(server.LogIns));

        await using var wrong = new PortalFactory();
        server.UseIn(wrong);
        wrong.Settings["Mail:Password"] = "a wrong mail password";
        await wrong.QueueMailAsync("bob@example.com");
        await wrong.SendMailsAsync();

        var row = Assert.Single(await wrong.MailRowsAsync());
        Assert.Equal("The mail server refused Mail:User and Mail:Password.", row.LastError);
        Assert.NotNull(row.NextTryAt);
        Assert.Single(server.Received);
        Assert.DoesNotContain("a wrong mail password", wrong.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StartTls", false)]
    [InlineData("Tls", true)]
    public async Task A_certificate_that_is_not_trusted_is_refused_and_the_mail_is_kept(string security, bool isSecure)
    {
        using var certificate = MailServer.SelfMade();
        await using var server = await MailServer.StartedAsync(
            new MailServer { Certificate = certificate, IsSecure = isSecure, AsksForLogIn = true });
        await using var portal = new PortalFactory();
        server.UseIn(portal, security);

        await portal.QueueMailAsync("ada@example.com");
        await portal.SendMailsAsync();

        var row = Assert.Single(await portal.MailRowsAsync());
        Assert.StartsWith("The connection to the mail server could not be encrypted", row.LastError, StringComparison.Ordinal);
        Assert.NotNull(row.NextTryAt);
        Assert.Empty(server.LogIns);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task Nothing_is_sent_in_plain_text_when_the_server_does_not_offer_STARTTLS()
    {
        await using var server = await MailServer.StartedAsync(new MailServer { AsksForLogIn = true });
        await using var portal = new PortalFactory();
        server.UseIn(portal, "StartTls");

        await portal.QueueMailAsync("ada@example.com");
        await portal.SendMailsAsync();

        Assert.StartsWith("The mail server does not offer the encryption", Assert.Single(await portal.MailRowsAsync()).LastError,
            StringComparison.Ordinal);
        Assert.Empty(server.LogIns);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_not_waited_for_longer_than_half_a_minute()
    {
        await using var portal = new PortalFactory();
        using var silent = SilentServerOf(portal);
        await portal.QueueMailAsync("ada@example.com");
        using var connected = await silent.AcceptTcpClientAsync(Cancellation);

        portal.Time.Advance(TimeSpan.FromSeconds(31));
        await portal.SendMailsAsync();

        Assert.Equal("The mail server did not answer in time.", Assert.Single(await portal.MailRowsAsync()).LastError);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_the_server_and_the_next_start_sends_the_mail()
    {
        await using var portal = new PortalFactory();
        using var silent = SilentServerOf(portal);
        await portal.QueueMailAsync("ada@example.com");
        using var connected = await silent.AcceptTcpClientAsync(Cancellation);

        await portal.Services.GetRequiredService<MailSender>().StopAsync(Cancellation);

        Assert.Null(Assert.Single(await portal.MailRowsAsync()).LastError);
        await using var next = portal.Beside();
        next.Settings["Mail:Host"] = null;
        next.Time.Advance(s_minute);
        await next.SendMailsAsync();
        Assert.Equal("ada@example.com", Assert.Single(await next.FiledMailsAsync()).To);
    }

    [Fact]
    public async Task A_mail_above_the_limit_is_dropped_with_a_line_that_names_nobody()
    {
        await using var portal = new PortalFactory { Settings = { ["Mail:MostPerAddressAndHour"] = "2" } };

        for (var i = 0; i < 4; i++)
            await portal.QueueMailAsync("ada@example.com");
        await portal.QueueMailAsync("ada@example.com", MailClass.Security);
        await portal.SendMailsAsync();

        Assert.Equal(3, (await portal.FiledMailsAsync()).Count);
        Assert.Contains("A mail (Requested) was dropped", portal.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ada@", portal.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Without_a_server_a_mail_is_a_file_that_only_the_portals_user_may_open()
    {
        await using var portal = new PortalFactory();
        await portal.QueueMailAsync("ada@example.com", content: GivenMails.Content("Prüfe \u05E7\u05E4\u05D4 😀"));
        await portal.SendMailsAsync();

        var file = Assert.Single(Directory.GetFiles(portal.MailFolder));
        Assert.Matches(@"/\d{8}T\d{6}Z-[0-9a-f]{32}\.eml$", file);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(portal.MailFolder));
        var bytes = await File.ReadAllBytesAsync(file, Cancellation);
        Assert.DoesNotContain(bytes, value => value > 127); // For every program that reads mails.
        Assert.Equal("Prüfe קפה 😀", (await MimeMessage.LoadAsync(file, Cancellation)).Subject);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_loses_nothing()
    {
        await using var portal = new PortalFactory();
        _ = portal.Services;
        await File.WriteAllTextAsync(portal.MailFolder, "a file in the way", Cancellation);
        await portal.QueueMailAsync("ada@example.com");
        await portal.SendMailsAsync();
        Assert.StartsWith("The mail could not be written", Assert.Single(await portal.MailRowsAsync()).LastError, StringComparison.Ordinal);

        File.Delete(portal.MailFolder);
        portal.Leap(s_minute);
        await portal.SendMailsAsync();
        Assert.Single(await portal.FiledMailsAsync());
    }

    private static async Task InTransactionAsync(
        PortalFactory portal, string recipient, Func<Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction, Task> end)
        => await portal.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<PortalDbContext>();
            await using var transaction = await database.Database.BeginTransactionAsync(Cancellation);
            await services.GetRequiredService<Mailer>().QueueAsync(database, recipient, MailClass.Requested, GivenMails.Content());
            await database.SaveChangesAsync(Cancellation);
            await end(transaction);
        });

    /// <summary>A mail server that takes connections and says nothing.</summary>
    private static TcpListener SilentServerOf(PortalFactory portal)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        portal.Settings["Mail:Host"] = "127.0.0.1";
        portal.Settings["Mail:Port"] = $"{((IPEndPoint)listener.LocalEndpoint).Port}";
        portal.Settings["Mail:Security"] = "None";
        portal.Settings["Mail:From"] = "portal@example.com";
        return listener;
    }

    private static string Unquoted(InternetAddressList addresses) => addresses.ToString().Replace("\"", "", StringComparison.Ordinal);
}
