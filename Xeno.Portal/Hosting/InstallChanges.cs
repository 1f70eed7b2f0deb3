using System.Collections.Concurrent;

namespace Xeno.Portal.Hosting;

/// <summary>
/// Tells open pages that the installed apps of an account have changed: a token came or went. Carries no data, so a page always asks the
/// database what is true now.
/// </summary>
public sealed class InstallChanges
{
    private readonly ConcurrentDictionary<string, Action> _listeners = new(StringComparer.Ordinal);

    /// <summary>Call after the change is on disk. Listeners must return at once and not throw.</summary>
    public void Publish(string accountId)
    {
        if (_listeners.TryGetValue(accountId, out var listeners))
            listeners();
    }

    /// <summary>Calls <paramref name="listener"/> on every change for that account, until the result is disposed.</summary>
    public IDisposable Subscribe(string accountId, Action listener)
    {
        _listeners.AddOrUpdate(accountId, listener, (_, others) => others + listener);
        return new Subscription(() => Unsubscribe(accountId, listener));
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
