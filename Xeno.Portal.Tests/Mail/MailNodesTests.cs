using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Mail;

/// <summary>Two nodes on PostgreSQL with one outbox.</summary>
[Trait("Category", "Database")]
public sealed class MailNodesTests(PostgreSqlPortal portal) : IClassFixture<PostgreSqlPortal>
{
    [Fact]
    public async Task Two_nodes_send_each_mail_once()
    {
        await using var server = new MailServer();
        server.UseIn(portal);
        await using var other = portal.Beside();
        other.Leap(portal.Time.GetUtcNow() - other.Time.GetUtcNow());
        for (var i = 0; i < 20; i++)
        {
            await portal.QueueMailAsync($"{i}@here.example");
            await other.QueueMailAsync($"{i}@there.example");
        }

        // Both have found the server away. Now it is there, and every mail is due for both.
        await server.StartAsync();
        foreach (var node in (PortalFactory[])[portal, other])
            node.Leap(TimeSpan.FromMinutes(2));
        await Task.WhenAll(portal.SendMailsAsync(), other.SendMailsAsync());

        var mails = await server.UntilAsync(40);
        Assert.Equal(40, mails.Select(mail => mail.To.ToString()).Distinct().Count());
        Assert.Equal(40, mails.Count);
        Assert.All(await portal.MailRowsAsync(), row => Assert.NotNull(row.SentAt));
    }
}
