using Microsoft.Extensions.Options;
using MimeKit;
using Xeno.Portal.Data.Mail;

namespace Xeno.Portal.Mail;

/// <summary>
/// Sends the mails of the outbox: at once when one was queued on this node, and every half minute those that are due again or were left by
/// another node. Safe to run on several nodes. A mail is sent at least once; twice only if a node dies, or loses the database, between the
/// server's answer and the change of the row.
/// </summary>
internal sealed partial class MailSender(
    Outbox outbox, QueuedMails queued, IMailTransport transport, IOptions<MailOptions> options, TimeProvider time, ILogger<MailSender> log)
    : BackgroundService
{
    /// <summary>How long the row of a mail that was given up is kept for the operator.</summary>
    internal static readonly TimeSpan GivenUpKept = TimeSpan.FromDays(7);

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(30);

    // After this time another node may take the mail. Longer than the next two together.
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_longestOpening = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longestSending = TimeSpan.FromMinutes(1);

    // A server that cannot be used is asked for the next mail only after this time.
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    // After the first try, the second, the third; then each hour.
    private static readonly TimeSpan[] s_delays = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)];
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _oneRound = new(1, 1);

    // Sent, but the row could not be changed: these are not sent again by this node.
    private readonly HashSet<string> _sentAlready = new(StringComparer.Ordinal);

    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private int _waiting;

    public override void Dispose()
    {
        _oneRound.Dispose();
        base.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        MailMetrics.WaitingChanged(-_waiting);
        _waiting = 0;
    }

    /// <summary>How long a mail waits after its try number <paramref name="tries"/> failed.</summary>
    internal static TimeSpan DelayAfter(int tries) => tries <= s_delays.Length ? s_delays[tries - 1] : s_longestDelay;

    /// <summary>Sends all mails that are due. A mail that is being sent is finished when the portal stops; no other is begun.</summary>
    internal async Task SendDueAsync(CancellationToken stopping)
    {
        await _oneRound.WaitAsync(stopping);
        try
        {
            await SendAllAsync(stopping);
            var waiting = await outbox.CountWaitingAsync(stopping);
            MailMetrics.WaitingChanged(waiting - _waiting);
            _waiting = waiting;
        }
        finally
        {
            _oneRound.Release();
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = queued.Next;
            await TrySendDueAsync(stoppingToken);
            await next.WaitAsync(s_interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TrySendDueAsync(CancellationToken stopping)
    {
        try
        {
            await SendDueAsync(stopping);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            LogOutboxAway(log, exception.GetBaseException().Message);
        }
        catch (OperationCanceledException)
        {
            // The portal stops; the rest is sent by another node, or at the next start.
        }
    }

    private async Task SendAllAsync(CancellationToken stopping)
    {
        IMailConnection? connection = null;
        try
        {
            while (!stopping.IsCancellationRequested && time.GetUtcNow() is var now && now >= _notBefore
                && await outbox.TakeAsync(now, options.Value.MostPerAddressAndHour, s_lease, stopping) is { } taken)
            {
                if (taken.Mail is { } mail)
                    connection = await SendAsync(mail, connection, stopping);
                else
                    Dropped(taken.Class);
            }
        }
        finally
        {
            if (connection is not null)
                await connection.DisposeAsync();
        }
    }

    /// <summary>Sends one mail, and gives the connection for the next one; null where it needs a new one.</summary>
    private async Task<IMailConnection?> SendAsync(OutgoingMail mail, IMailConnection? connection, CancellationToken stopping)
    {
        if (_sentAlready.Contains(mail.Id))
        {
            await WriteSentAsync(mail);
            return connection;
        }

        connection ??= await TryOpenAsync(mail, stopping);
        if (connection is null)
            return null;

        try
        {
            using var patience = new CancellationTokenSource(s_longestSending, time);
            await connection.SendAsync(MessageOf(mail), patience.Token);
        }
        catch (Exception exception)
        {
            await FailedAsync(mail, exception);
            if (connection.IsOpen)
                return connection;
            await connection.DisposeAsync();
            return null;
        }

        _sentAlready.Add(mail.Id);
        MailMetrics.Count(mail.Class, MailOutcome.Sent);
        await WriteSentAsync(mail);
        return connection;
    }

    private async Task<IMailConnection?> TryOpenAsync(OutgoingMail mail, CancellationToken stopping)
    {
        try
        {
            using var patience = new CancellationTokenSource(s_longestOpening, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
            return await transport.OpenAsync(either.Token);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // Not a failure of the mail: another node, or the next start, takes it at once.
            await outbox.PutOffAsync(mail, time.GetUtcNow(), mail.LastError);
            return null;
        }
        catch (Exception exception)
        {
            _notBefore = time.GetUtcNow() + s_pause;
            await FailedAsync(mail, exception);
            return null;
        }
    }

    private async Task WriteSentAsync(OutgoingMail mail)
    {
        await outbox.SentAsync(mail, time.GetUtcNow());
        _sentAlready.Remove(mail.Id);
    }

    private async Task FailedAsync(OutgoingMail mail, Exception exception)
    {
        var failure = MailFailure.Of(exception);
        var now = time.GetUtcNow();
        var end = mail.QueuedAt + options.Value.GiveUpAfter;
        if (failure.IsFinal || now >= end)
        {
            await outbox.GiveUpAsync(mail, now, GivenUpKept, failure.Words);
            MailMetrics.Count(mail.Class, MailOutcome.GivenUp);
            LogGivenUp(log, mail.Id, mail.Class, mail.Tries, failure.Words);
            return;
        }

        var next = now + DelayAfter(mail.Tries);
        await outbox.PutOffAsync(mail, next < end ? next : end, failure.Words);
        MailMetrics.Count(mail.Class, MailOutcome.Failed);
        LogPutOff(log, mail.Id, mail.Class, mail.Tries, failure.Words);
    }

    private void Dropped(MailClass mailClass)
    {
        MailMetrics.Count(mailClass, MailOutcome.Dropped);
        LogDropped(log, mailClass);
    }

    private MimeMessage MessageOf(OutgoingMail mail)
    {
        var sender = options.Value.Sender;
        var message = new MimeMessage
        {
            Subject = mail.Subject,
            Date = mail.QueuedAt,
            MessageId = $"{mail.Id}@{sender.Domain}", // The same at each try, so that a mail that arrives twice is recognized.
            Body = new BodyBuilder { TextBody = mail.Text, HtmlBody = mail.Html }.ToMessageBody(),
        };
        message.From.Add(sender);
        message.To.Add(new MailboxAddress("", mail.Recipient));
        message.Headers.Add("Auto-Submitted", "auto-generated"); // Nobody's absence note answers it (RFC 3834 §5).
        return message;
    }

    [LoggerMessage(2101, LogLevel.Error, "Mail {MailId} ({MailClass}) is given up after {Tries} tries: {Reason}")]
    private static partial void LogGivenUp(ILogger log, string mailId, MailClass mailClass, int tries, string reason);

    [LoggerMessage(2102, LogLevel.Warning, "Mail {MailId} ({MailClass}) could not be sent and is tried again, try {Tries}: {Reason}")]
    private static partial void LogPutOff(ILogger log, string mailId, MailClass mailClass, int tries, string reason);

    [LoggerMessage(2103, LogLevel.Warning,
        "A mail ({MailClass}) was dropped, because its address had Mail:MostPerAddressAndHour mails of this class within an hour.")]
    private static partial void LogDropped(ILogger log, MailClass mailClass);

    [LoggerMessage(2104, LogLevel.Warning, "Mails are sent later, because the database does not answer: {Reason}")]
    private static partial void LogOutboxAway(ILogger log, string reason);
}
