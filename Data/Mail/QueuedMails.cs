using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Xeno.Portal.Data.Mail;

/// <summary>
/// Wakes the sender of this node when a mail is in the database: after the commit of the transaction that queued it, or after the save
/// where there is no other transaction. A wake that is lost costs a delay only, because the sender also looks by itself.
/// </summary>
public sealed class QueuedMails : ISaveChangesInterceptor, IDbTransactionInterceptor
{
    private readonly ConditionalWeakTable<DbContext, object> _withMail = [];
    private TaskCompletionSource _next = New();

    /// <summary>Completed by the next wake. Taken before the sender looks for mails, so that no wake is missed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>The context has a mail that it will save.</summary>
    public void Expect(DbContext database) => _withMail.AddOrUpdate(database, this);

    /// <summary>Wakes the sender now.</summary>
    public void Wake() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <inheritdoc />
    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        AfterSave(eventData.Context);
        return result;
    }

    /// <inheritdoc />
    public ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        AfterSave(eventData.Context);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc />
    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => AfterCommit(eventData.Context);

    /// <inheritdoc />
    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        AfterCommit(eventData.Context);
        return Task.CompletedTask;
    }

    // Inside a transaction the mail is not there for others yet: its commit comes later.
    private void AfterSave(DbContext? database)
    {
        if (database?.Database.CurrentTransaction is null)
            AfterCommit(database);
    }

    private void AfterCommit(DbContext? database)
    {
        if (database is not null && _withMail.Remove(database))
            Wake();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
