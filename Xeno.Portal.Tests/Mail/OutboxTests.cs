using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Data.Mail;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Mail;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Mail;

/// <summary>The rows of mails: one node takes each, an act that is rolled back has none, and the limit of an address holds.</summary>
public abstract class OutboxTests(PortalFactory given) : IAsyncLifetime
{
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(5);

    private PortalFactory _portal = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // An outbox of its own for each test: it is one queue. The sender rests, so that the test alone takes mails.
    public async ValueTask InitializeAsync()
    {
        _portal = await given.AnotherAsync();
        await _portal.Services.GetRequiredService<MailSender>().StopAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_mail_is_taken_once_until_its_lease_is_over()
    {
        await _portal.QueueMailAsync("ada@example.com");

        var first = await TakeAsync();
        Assert.Equal(("ada@example.com", 1), (first!.Mail!.Recipient, first.Mail.Tries));
        Assert.Null(await TakeAsync());

        _portal.Leap(s_lease);
        var second = await TakeAsync();
        Assert.Equal((first.Mail.Id, 2), (second!.Mail!.Id, second.Mail.Tries));

        // The node that was too slow changes nothing any more.
        await Outbox.SentAsync(first.Mail, Now);
        Assert.Null(Assert.Single(await _portal.MailRowsAsync()).SentAt);
        await Outbox.SentAsync(second.Mail, Now);
        Assert.NotNull(Assert.Single(await _portal.MailRowsAsync()).SentAt);
    }

    [Fact]
    public async Task Takers_at_the_same_moment_get_different_mails()
    {
        for (var i = 0; i < 20; i++)
            await _portal.QueueMailAsync($"{i}@example.com");

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var mine = new List<string>();
            while (await TakeAsync() is { } mail)
                mine.Add(mail.Mail!.Recipient);
            return mine;
        })));

        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => $"{i}@example.com").Order(StringComparer.Ordinal),
            taken.SelectMany(mine => mine).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_was_rolled_back_has_no_mail()
    {
        await _portal.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<Portal.Data.PortalDbContext>();
            await database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                await using var transaction = await database.Database.BeginTransactionAsync(Cancellation);
                await services.GetRequiredService<Mailer>()
                    .QueueAsync(database, "ada@example.com", MailClass.Requested, GivenMails.Content());
                await database.SaveChangesAsync(Cancellation);
                await transaction.RollbackAsync(Cancellation);
            });
        });

        Assert.Empty(await _portal.MailRowsAsync());
        Assert.Null(await TakeAsync());
    }

    [Fact]
    public async Task A_sent_mail_leaves_neither_its_address_nor_its_link_and_its_row_goes_after_an_hour()
    {
        await _portal.QueueMailAsync("ada@example.com");
        await Outbox.SentAsync((await TakeAsync())!.Mail!, Now);

        var row = Assert.Single(await _portal.MailRowsAsync());
        Assert.Equal(("", "", "", "", null), (row.Recipient, row.Subject, row.Text, row.Html, row.NextTryAt));
        await PruneAsync();
        Assert.Single(await _portal.MailRowsAsync());

        _portal.Leap(Outbox.CountedTime);
        await PruneAsync();
        Assert.Empty(await _portal.MailRowsAsync());
    }

    [Fact]
    public async Task A_mail_that_was_given_up_leaves_its_address_and_error_for_a_week()
    {
        await _portal.QueueMailAsync("ada@example.com");
        await Outbox.GiveUpAsync((await TakeAsync())!.Mail!, Now, MailSender.GivenUpKept, "The mail server did not answer in time.");

        var row = Assert.Single(await _portal.MailRowsAsync());
        Assert.Equal(
            ("ada@example.com", "", "", "", "The mail server did not answer in time."),
            (row.Recipient, row.Subject, row.Text, row.Html, row.LastError));
        _portal.Leap(MailSender.GivenUpKept - TimeSpan.FromMinutes(1));
        await PruneAsync();
        Assert.Single(await _portal.MailRowsAsync());
        Assert.Null(await TakeAsync());

        _portal.Leap(TimeSpan.FromMinutes(1));
        await PruneAsync();
        Assert.Empty(await _portal.MailRowsAsync());
    }

    [Fact]
    public async Task Above_the_limit_of_an_address_mails_are_dropped_and_each_class_has_its_own_count()
    {
        for (var i = 0; i < 3; i++)
            await QueueAsync(i == 0 ? "ADA@Example.com" : "ada@example.com"); // One address for the limit.
        await QueueAsync("ada@example.com", MailClass.Security);
        await QueueAsync("bob@example.com");

        Assert.Equal(["ADA@Example.com", "ada@example.com", "", "ada@example.com", "bob@example.com"], await TakeAllAsync(most: 2));
        Assert.Equal(4, (await _portal.MailRowsAsync()).Count);

        // A mail that is tried again is not counted again, and is not dropped.
        _portal.Leap(s_lease);
        Assert.Equal(4, (await TakeAllAsync(most: 1)).Count(recipient => recipient.Length > 0));

        _portal.Leap(TimeSpan.FromMinutes(30));
        await QueueAsync("ada@example.com");
        Assert.Equal("", (await TakeAllAsync(most: 2))[^1]);

        _portal.Leap(TimeSpan.FromMinutes(30));
        await QueueAsync("ada@example.com");
        Assert.Equal(1, await TakenNowAsync("ada@example.com", most: 2));
    }

    [Fact]
    public async Task The_limit_holds_for_takers_at_the_same_moment()
    {
        for (var i = 0; i < 30; i++)
            await QueueAsync("ada@example.com");

        var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => TakeAllAsync(most: 10))));

        Assert.Equal(10, taken.SelectMany(mine => mine).Count(recipient => recipient.Length > 0));
        Assert.Equal(20, taken.SelectMany(mine => mine).Count(recipient => recipient.Length == 0));
    }

    // Each a moment after the one before it, so that their order is certain.
    private async Task QueueAsync(string recipient, MailClass mailClass = MailClass.Requested)
    {
        await _portal.QueueMailAsync(recipient, mailClass);
        _portal.Leap(TimeSpan.FromMilliseconds(1));
    }

    private Outbox Outbox => _portal.Services.GetRequiredService<Outbox>();

    private DateTimeOffset Now => _portal.Time.GetUtcNow();

    private Task<TakenMail?> TakeAsync(int most = 100) => Outbox.TakeAsync(Now, most, s_lease, Cancellation);

    private Task PruneAsync() => _portal.Services.GetRequiredService<Pruning>().PruneAsync(Cancellation);

    /// <summary>Whom the mails go to that are due; empty for one that was dropped.</summary>
    private async Task<List<string>> TakeAllAsync(int most)
    {
        var recipients = new List<string>();
        while (await TakeAsync(most) is { } taken)
            recipients.Add(taken.Mail?.Recipient ?? "");
        return recipients;
    }

    private async Task<int> TakenNowAsync(string recipient, int most)
    {
        var queued = await _portal.AskDatabaseAsync(database => database.OutgoingMails.Where(mail => mail.Tries == 0)
            .Select(mail => mail.Id).ToListAsync());
        var count = 0;
        while (await TakeAsync(most) is { } taken)
            if (taken.Mail is { } mail && mail.Recipient == recipient && queued.Contains(mail.Id))
                count++;
        return count;
    }
}

[Trait("Category", "Fast")]
public sealed class OutboxOnSqlite(PortalFactory portal) : OutboxTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class OutboxOnPostgreSql(PostgreSqlPortal portal) : OutboxTests(portal), IClassFixture<PostgreSqlPortal>;
