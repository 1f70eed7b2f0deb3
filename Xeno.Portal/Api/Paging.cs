using System.Buffers.Text;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data.Resources;
using Xeno.Portal.Http;

namespace Xeno.Portal.Api;

/// <summary>One page of a list, newest first.</summary>
/// <param name="Data">At most <c>limit</c> rows.</param>
/// <param name="HasMore">Whether older rows follow.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page, or null.</param>
public sealed record ListPage<TItem>(IReadOnlyList<TItem> Data, bool HasMore, string? NextCursor);

/// <summary>
/// Which page of a list to answer: <c>limit</c> and <c>cursor</c>. A cursor names a row and not a number, so a list that grows while it is
/// read neither repeats nor skips a row.
/// </summary>
public sealed class PageRequest
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    private PageRequest(int limit, Guid? before, string? problem) => (Limit, Before, Problem) = (limit, before, problem);

    public int Limit { get; }

    /// <summary>The page holds rows older than this one.</summary>
    public Guid? Before { get; }

    /// <summary>What is wrong with the parameters, or null.</summary>
    public string? Problem { get; }

    /// <summary>Bound by the framework from the query.</summary>
    public static ValueTask<PageRequest> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = DefaultLimit;
        if (query.TryGetValue("limit", out var limits)
            && !(limits.Count == 1 && int.TryParse(limits[0], out limit) && limit is >= 1 and <= MaxLimit))
            return Wrong($"The parameter limit must be one number from 1 to {MaxLimit}.");

        if (!query.TryGetValue("cursor", out var cursors))
            return ValueTask.FromResult(new PageRequest(limit, null, null));

        Span<byte> id = stackalloc byte[16];
        return cursors is [{ Length: 22 } cursor] && Base64Url.TryDecodeFromChars(cursor, id, out var length) && length == id.Length
            ? ValueTask.FromResult(new PageRequest(limit, new Guid(id, bigEndian: true), null))
            : Wrong("The parameter cursor is none of ours. Send the next_cursor of the page before, unchanged.");

        static ValueTask<PageRequest> Wrong(string problem) => ValueTask.FromResult(new PageRequest(DefaultLimit, null, problem));
    }

    /// <summary>Reads this page of the account's own rows.</summary>
    internal async Task<ListPage<TItem>> ReadAsync<TResource, TItem>(
        IQueryable<TResource> rows, string accountId, Expression<Func<TResource, TItem>> projection, Func<TItem, Guid> idOf,
        CancellationToken cancellationToken)
        where TResource : class, IOwnedResource
    {
        rows = rows.AsNoTracking().Where(row => row.AccountId == accountId);
        if (Before is { } before)
            rows = rows.Where(row => row.Id < before);
        var found = await rows.OrderByDescending(row => row.Id).Take(Limit + 1).Select(projection).ToListAsync(cancellationToken);

        var hasMore = found.Count > Limit;
        if (hasMore)
            found.RemoveAt(Limit);
        return new ListPage<TItem>(found, hasMore, hasMore ? Base64Url.EncodeToString(idOf(found[^1]).ToByteArray(bigEndian: true)) : null);
    }
}

internal static class PagedEndpoints
{
    /// <summary>Refuses a page request with a bad parameter before its handler runs.</summary>
    public static RouteHandlerBuilder WithPaging(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(async (context, next) =>
        context.Arguments.OfType<PageRequest>().FirstOrDefault()?.Problem is { } problem
            ? ApiProblems.Create(context.HttpContext, context.HttpContext.RequestServices.GetRequiredService<PublicOrigin>(),
                StatusCodes.Status400BadRequest, "A parameter is wrong", problem, "invalid_request")
            : await next(context));
}
