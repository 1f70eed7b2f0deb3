using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Xeno.Portal.Tests.Support;

/// <summary>Keeps what is logged, messages and exceptions, for tests that read it.</summary>
public sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Everything so far.</summary>
    public string Text => string.Join('\n', _lines);

    /// <summary>Waits until something that contains <paramref name="text"/> is logged; it may have been already.</summary>
    public async Task UntilAsync(string text)
    {
        while (!Text.Contains(text, StringComparison.Ordinal))
        {
            var more = _more.Task;
            if (!Text.Contains(text, StringComparison.Ordinal))
                await more.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Add);

    public void Dispose()
    {
        // There is nothing to dispose.
    }

    private void Add(string line)
    {
        _lines.Enqueue(line);
        Interlocked.Exchange(ref _more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private sealed class Logger(string category, Action<string> add) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => add($"{logLevel} {category} {formatter(state, exception)} {exception}");
    }
}
