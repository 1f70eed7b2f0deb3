using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data;
using Xeno.Portal.Data.History;

namespace Xeno.Portal.History;

/// <summary>
/// Reads the history, newest first, a page at a time: by account (its Activity), by app (the app's History), and all of it (the operators'
/// audit). The caller has checked that the reader may see that account or app.
/// </summary>
public sealed class HistoryReader(PortalDbContext database)
{
    /// <summary>The most entries of one page.</summary>
    public const int LongestPage = 100;

    /// <summary>What happened on an account.</summary>
    public Task<HistoryPage> OfAccountAsync(string accountId, HistoryQuery query, CancellationToken cancellationToken = default)
        => ReadAsync(database.History.Where(entry => entry.AccountId == accountId), query, cancellationToken);

    /// <summary>What happened to an app, on all accounts.</summary>
    public Task<HistoryPage> OfAppAsync(string clientId, HistoryQuery query, CancellationToken cancellationToken = default)
        => ReadAsync(database.History.Where(entry => entry.ClientId == clientId), query, cancellationToken);

    /// <summary>Everything, for operators.</summary>
    public Task<HistoryPage> AllAsync(HistoryQuery query, CancellationToken cancellationToken = default)
        => ReadAsync(database.History, query, cancellationToken);

    internal static IQueryable<HistoryEntry> Page(IQueryable<HistoryEntry> entries, HistoryQuery query)
    {
        entries = entries.AsNoTracking();
        if (query.Before is { } before)
            entries = entries.Where(entry => entry.Id < before);
        if (query.Kind is { } kind)
            entries = entries.Where(entry => entry.Kind == kind);
        return entries.OrderByDescending(entry => entry.Id).Take(query.Rows + 1);
    }

    private async Task<HistoryPage> ReadAsync(IQueryable<HistoryEntry> entries, HistoryQuery query, CancellationToken cancellationToken)
    {
        var found = await Page(entries, query)
            .Select(entry => new HistoryItem(
                entry.Id, entry.At, entry.Kind, entry.AccountId, entry.ClientId, entry.AppName, entry.Actor, entry.ActorId,
                database.Accounts
                    .Where(account => account.Id == (entry.ActorId ?? (entry.Actor == HistoryActor.Account ? entry.AccountId : null)))
                    .Select(account => account.DisplayName).FirstOrDefault(),
                entry.SessionId, entry.Device, entry.TokenId, entry.Scopes, entry.Reason))
            .ToListAsync(cancellationToken);

        var hasMore = found.Count > query.Rows;
        if (hasMore)
            found.RemoveAt(query.Rows);
        return new HistoryPage(found, hasMore ? found[^1].Id : null);
    }
}

/// <summary>Which entries are asked for.</summary>
/// <param name="Kind">Only entries of that kind (<see cref="HistoryKinds"/>); null: of all kinds.</param>
/// <param name="Before">Only older entries than this: <see cref="HistoryPage.Next"/> of the page before; null: from the newest on.</param>
/// <param name="Limit">How many at the most, 1 to <see cref="HistoryReader.LongestPage"/>.</param>
public sealed record HistoryQuery(string? Kind = null, long? Before = null, int Limit = 20)
{
    internal int Rows => Math.Clamp(Limit, 1, HistoryReader.LongestPage);
}

/// <summary>A page of entries, newest first.</summary>
/// <param name="Next">The <see cref="HistoryQuery.Before"/> of the next page; null: there are no older entries.</param>
public sealed record HistoryPage(IReadOnlyList<HistoryItem> Entries, long? Next);

/// <summary>One entry as a page shows it.</summary>
/// <param name="AccountId">The account that it is about; null for none, or for one that was deleted.</param>
/// <param name="AppName">The name that the app had then.</param>
/// <param name="ActorName">The display name of the account that acted; null where none did, or it has no name, or is gone.</param>
/// <param name="TokenId">The row id of the token, which is no part of it.</param>
public sealed record HistoryItem(
    long Id, DateTimeOffset At, string Kind, string? AccountId, string? ClientId, string? AppName, HistoryActor Actor, string? ActorId,
    string? ActorName, string? SessionId, string? Device, string? TokenId, string? Scopes, string? Reason)
{
    /// <summary>What happened, as a sentence.</summary>
    public string Sentence => HistoryKinds.Find(Kind)?.Sentence ?? Kind;
}
