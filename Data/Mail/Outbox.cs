using Microsoft.EntityFrameworkCore;

namespace Xeno.Portal.Data.Mail;

/// <summary>
/// The rows of mails that are to be sent. Nodes take mails one at a time: a node that takes one moves its next try on, and only the node
/// whose update finds the row unchanged has it. A node that dies meanwhile loses nothing; the mail is due again after the lease.
/// </summary>
public sealed class Outbox(IDbContextFactory<PortalDbContext> contexts)
{
    private const int LongestError = 200;

    /// <summary>The time in which mails to one address are counted.</summary>
    public static readonly TimeSpan CountedTime = TimeSpan.FromHours(1);

    /// <summary>
    /// Takes the mail that has been due for the longest time; null when none is due. A mail that was never tried is compared with the limit
    /// of its address and its class first; above it, its row is removed.
    /// </summary>
    /// <param name="most">The most mails of one class to one address within <see cref="CountedTime"/>.</param>
    /// <param name="lease">After this time the mail is due again, unless its result was written.</param>
    public async Task<TakenMail?> TakeAsync(DateTimeOffset now, int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var database = await contexts.CreateDbContextAsync(cancellationToken);
            var due = await database.OutgoingMails.AsNoTracking().Where(mail => mail.NextTryAt <= now)
                .OrderBy(mail => mail.NextTryAt).ThenBy(mail => mail.Id)
                .Select(mail => new DueMail(mail.Id, mail.Class, mail.RecipientHash, mail.QueuedAt, mail.NextTryAt, mail.Tries))
                .FirstOrDefaultAsync(cancellationToken);
            if (due is null)
                return null;

            var taken = await database.Database.CreateExecutionStrategy().ExecuteAsync(
                token => TryTakeAsync(database, due, most, now + lease, token), cancellationToken);
            if (taken is not null)
                return taken;
            // Another node was faster; the next mail may be free.
        }
    }

    /// <summary>The mail was sent: its address and its texts are removed. The row goes on counting for its address.</summary>
    public Task SentAsync(OutgoingMail mail, DateTimeOffset now) => UpdateAsync(mail, rows => rows.ExecuteUpdateAsync(row => row
        .SetProperty(m => m.NextTryAt, (DateTimeOffset?)null).SetProperty(m => m.LastError, (string?)null)
        .SetProperty(m => m.SentAt, now).SetProperty(m => m.RemoveAt, now + CountedTime)
        .SetProperty(m => m.Recipient, "").SetProperty(m => m.Subject, "").SetProperty(m => m.Text, "").SetProperty(m => m.Html, "")));

    /// <summary>The mail is tried again at <paramref name="next"/>.</summary>
    public Task PutOffAsync(OutgoingMail mail, DateTimeOffset next, string? error)
        => UpdateAsync(mail, rows => rows.ExecuteUpdateAsync(row => row
            .SetProperty(m => m.NextTryAt, next).SetProperty(m => m.LastError, Shortened(error))));

    /// <summary>The mail is not tried again: its texts are removed. Address and error stay for the operator until the row goes.</summary>
    /// <param name="keptFor">How long the row stays.</param>
    public Task GiveUpAsync(OutgoingMail mail, DateTimeOffset now, TimeSpan keptFor, string error)
        => UpdateAsync(mail, rows => rows.ExecuteUpdateAsync(row => row
            .SetProperty(m => m.NextTryAt, (DateTimeOffset?)null).SetProperty(m => m.LastError, Shortened(error))
            .SetProperty(m => m.GivenUpAt, now).SetProperty(m => m.RemoveAt, now + keptFor)
            .SetProperty(m => m.Subject, "").SetProperty(m => m.Text, "").SetProperty(m => m.Html, "")));

    /// <summary>How many mails are to be sent.</summary>
    public async Task<int> CountWaitingAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.OutgoingMails.CountAsync(mail => mail.NextTryAt != null, cancellationToken);
    }

    /// <summary>Removes at most <paramref name="most"/> rows that are no longer needed; gives how many were removed.</summary>
    public async Task<int> RemoveOldAsync(DateTimeOffset now, int most)
    {
        await using var database = await contexts.CreateDbContextAsync();
        return await database.OutgoingMails.Where(mail => mail.RemoveAt <= now).OrderBy(mail => mail.RemoveAt).Take(most)
            .ExecuteDeleteAsync();
    }

    private static async Task<TakenMail?> TryTakeAsync(
        PortalDbContext database, DueMail due, int most, DateTimeOffset leasedUntil, CancellationToken cancellationToken)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var seen = database.OutgoingMails
            .Where(mail => mail.Id == due.Id && mail.Tries == due.Tries && mail.NextTryAt == due.NextTryAt);

        if (due.Tries == 0 && await IsAboveLimitAsync(database, due, most, cancellationToken))
        {
            var removed = await seen.ExecuteDeleteAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return removed == 0 ? null : new TakenMail(null, due.Class);
        }

        var updated = await seen.ExecuteUpdateAsync(
            row => row.SetProperty(mail => mail.Tries, due.Tries + 1).SetProperty(mail => mail.NextTryAt, leasedUntil), cancellationToken);
        var mail = updated == 0 ? null
            : await database.OutgoingMails.AsNoTracking().SingleAsync(mail => mail.Id == due.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return mail is null ? null : new TakenMail(mail, due.Class);
    }

    private static async Task<bool> IsAboveLimitAsync(
        PortalDbContext database, DueMail due, int most, CancellationToken cancellationToken)
    {
        // Nodes that take mails to one address at the same moment count one after the other. SQLite has one writer anyway.
        if (database.Database.IsNpgsql())
            await database.Database.ExecuteSqlAsync(
                $"SELECT pg_advisory_xact_lock(hashtextextended({due.RecipientHash}, 0))", cancellationToken);

        var since = due.QueuedAt - CountedTime;
        return most <= await database.OutgoingMails.CountAsync(
            mail => mail.RecipientHash == due.RecipientHash && mail.Class == due.Class && mail.QueuedAt > since && mail.Tries > 0,
            cancellationToken);
    }

    // A node that was slower than its lease changes nothing: another one has the mail, and has counted a further try.
    private async Task UpdateAsync(OutgoingMail mail, Func<IQueryable<OutgoingMail>, Task<int>> update)
    {
        await using var database = await contexts.CreateDbContextAsync();
        await update(database.OutgoingMails.Where(row => row.Id == mail.Id && row.Tries == mail.Tries));
    }

    private static string? Shortened(string? error) => error?.Length > LongestError ? error[..LongestError] : error;

    private sealed record DueMail(
        string Id, MailClass Class, string RecipientHash, DateTimeOffset QueuedAt, DateTimeOffset? NextTryAt, int Tries);
}

/// <summary>A mail that this node has taken.</summary>
/// <param name="Mail">The mail; null: it was above the limit of its address, and its row is removed.</param>
public sealed record TakenMail(OutgoingMail? Mail, MailClass Class);
