using Microsoft.Extensions.Options;

namespace Xeno.Portal.Limits;

/// <summary>
/// Counts the interactive pages of this node, by account, by address and all together, because each costs memory (docs/performance.md). A
/// page is a circuit: it counts from its start until it is removed, also while it has lost its connection and may come back. Connections
/// that have no page yet are counted apart, up to the same limits: a page must be able to come back when there is no room for another.
/// Decision 0023.
/// </summary>
internal sealed class OpenPages(IOptions<RateLimitOptions> options)
{
    private static readonly OpenPageLimit[] s_limits = Enum.GetValues<OpenPageLimit>();

    private readonly Lock _lock = new();
    private readonly OpenCounts _pages = new();
    private readonly OpenCounts _connections = new();

    /// <summary>How many pages and connections without a page are counted on this node.</summary>
    internal (int Pages, int Connections) Count
    {
        get
        {
            lock (_lock)
                return (_pages.Of(OpenPageLimit.OpenPagesPerNode, default), _connections.Of(OpenPageLimit.OpenPagesPerNode, default));
        }
    }

    /// <summary>The limit that leaves no room for one more page of this owner; null: there is room.</summary>
    public OpenPageLimit? FullFor(PageOwner owner)
    {
        lock (_lock)
            return Full(limit => _pages.Of(limit, owner) + _connections.Of(limit, owner));
    }

    /// <summary>Counts a connection that has no page yet; null when its owner has too many of them.</summary>
    public OpenConnection? TryConnect(PageOwner owner)
    {
        lock (_lock)
        {
            if (Full(limit => _connections.Of(limit, owner)) is not null)
                return null;
            _connections.Add(owner, 1);
            return new OpenConnection(owner);
        }
    }

    /// <summary>Takes a place for the page that is about to start on the connection, if it has none; false when there is no room.</summary>
    public bool TryTakePlace(OpenConnection connection)
    {
        lock (_lock)
        {
            if (connection.Page is { } page)
                return !page.IsClosed;
            if (connection.IsOver || Full(limit => _pages.Of(limit, connection.Owner)) is not null)
                return false;
            Put(Open(connection.Owner), connection);
            return true;
        }
    }

    /// <summary>The circuit of a page is up on this connection: for the first time, or again after it had lost another one.</summary>
    /// <param name="page">Null for the first time.</param>
    /// <returns>The page, which counts until <see cref="Close"/>.</returns>
    public OpenPage Attach(OpenPage? page, OpenConnection connection)
    {
        OpenConnection? left;
        lock (_lock)
        {
            // The place taken for it, unless the connection ended meanwhile.
            page ??= connection.Page is { HasCircuit: false } place ? place : Open(connection.Owner);
            page.HasCircuit = true;
            left = page.Connection == connection ? null : page.Connection;
            Put(page, connection);
        }

        left?.End?.Invoke();
        return page;
    }

    /// <summary>The page's circuit was removed. A connection without its page is of no use, so it is ended.</summary>
    public void Close(OpenPage page)
    {
        OpenConnection? left;
        lock (_lock)
        {
            left = page.Connection;
            Remove(page);
        }

        left?.End?.Invoke();
    }

    /// <summary>The connection has ended. Its page goes on being counted as long as it has a circuit.</summary>
    public void Disconnect(OpenConnection connection)
    {
        lock (_lock)
        {
            if (connection.IsOver)
                return;
            connection.IsOver = true;
            if (connection.Page is not { } page)
                _connections.Add(connection.Owner, -1);
            else if (!page.HasCircuit)
                Remove(page);
            else if (page.Connection == connection)
                page.Connection = null;
            (connection.Page, connection.End) = (null, null);
        }
    }

    private OpenPage Open(PageOwner owner)
    {
        _pages.Add(owner, 1);
        LimitMetrics.PageOpened();
        return new OpenPage(owner);
    }

    private void Remove(OpenPage page)
    {
        if (page.IsClosed)
            return;
        page.IsClosed = true;
        page.Connection = null;
        _pages.Add(page.Owner, -1);
        LimitMetrics.PageClosed();
    }

    private void Put(OpenPage page, OpenConnection connection)
    {
        page.Connection = connection.IsOver ? null : connection;
        if (connection.IsOver)
            return;
        if (connection.Page is null)
            _connections.Add(connection.Owner, -1);
        connection.Page = page;
    }

    private OpenPageLimit? Full(Func<OpenPageLimit, int> count)
    {
        foreach (var limit in s_limits)
            if (count(limit) >= options.Value.Most(limit))
            {
                LimitMetrics.PageRefused(limit);
                return limit;
            }

        return null;
    }

    /// <summary>One count for each account, each address, and this node. A count of zero is not kept.</summary>
    private sealed class OpenCounts
    {
        private readonly Dictionary<(OpenPageLimit Limit, string Name), int> _counts = [];

        public int Of(OpenPageLimit limit, PageOwner owner)
            => owner.NameFor(limit) is { } name ? _counts.GetValueOrDefault((limit, name)) : 0;

        public void Add(PageOwner owner, int change)
        {
            foreach (var limit in s_limits)
                if (owner.NameFor(limit) is { } name && (_counts[(limit, name)] = Of(limit, owner) + change) is 0)
                    _counts.Remove((limit, name));
        }
    }
}
