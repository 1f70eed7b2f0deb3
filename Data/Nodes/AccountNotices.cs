using System.Collections.Concurrent;

namespace Xeno.Portal.Data.Nodes;

/// <summary>
/// Notifies open pages, on this node and the others, that something of an account has changed. A notice has no data, so a page always
/// reads the newest state from the database.
/// </summary>
public abstract class AccountNotices
{
    private readonly INodeNotices _nodes;
    private readonly string _topic;
    private readonly ConcurrentDictionary<string, Action> _listeners = new(StringComparer.Ordinal);

    /// <param name="topic">What has changed; a word that no other kind of notice uses.</param>
    protected AccountNotices(INodeNotices nodes, string topic)
    {
        (_nodes, _topic) = (nodes, topic + "/");
        nodes.Subscribe(subject =>
        {
            if (subject is null)
                foreach (var account in _listeners.Keys)
                    NotifyPages(account);
            else if (subject.StartsWith(_topic, StringComparison.Ordinal))
                NotifyPages(subject[_topic.Length..]);
        });
    }

    /// <summary>Call after the change is on disk. Listeners must return at once and not throw.</summary>
    public void Publish(string accountId)
    {
        NotifyPages(accountId);
        _nodes.Publish(_topic + accountId);
    }

    /// <summary>Calls <paramref name="listener"/> on every change for that account, until the result is disposed.</summary>
    public IDisposable Subscribe(string accountId, Action listener)
    {
        _listeners.AddOrUpdate(accountId, listener, (_, others) => others + listener);
        return new Subscription(() => Unsubscribe(accountId, listener));
    }

    private void NotifyPages(string accountId)
    {
        if (_listeners.TryGetValue(accountId, out var listeners))
            listeners();
    }

    private void Unsubscribe(string accountId, Action listener)
    {
        while (_listeners.TryGetValue(accountId, out var listeners))
        {
            var rest = listeners - listener;
            var done = rest is null
                ? _listeners.TryRemove(KeyValuePair.Create(accountId, listeners))
                : _listeners.TryUpdate(accountId, rest, listeners);
            if (done)
                return;
        }
    }

    private sealed class Subscription(Action dispose) : IDisposable
    {
        private Action? _dispose = dispose;

        public void Dispose() => Interlocked.Exchange(ref _dispose, null)?.Invoke();
    }
}
