using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Xeno.Portal.Tests.Support;

/// <summary>The requests that a portal has answered, for those that a browser sends without showing them to its driver.</summary>
internal sealed class AnsweredRequests : IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly Channel<(string Path, IHeaderDictionary Headers)> _requests
        = Channel.CreateUnbounded<(string Path, IHeaderDictionary Headers)>();

    private readonly IDisposable _subscription;

    public AnsweredRequests(PortalFactory portal)
        => _subscription = portal.Services.GetRequiredService<DiagnosticListener>().Subscribe(this);

    /// <summary>Waits until a request to this path is answered, and gives one of its headers.</summary>
    public async Task<string> FirstAsync(string path, string header)
    {
        await foreach (var request in _requests.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
            if (request.Path == path)
                return request.Headers[header].ToString();
        throw new InvalidOperationException($"There was no request to {path}.");
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // A copy: the server uses the context again for the next request.
        if (value is { Key: "Microsoft.AspNetCore.Hosting.HttpRequestIn.Stop", Value: HttpContext { Request: var request } })
            _requests.Writer.TryWrite((request.Path, new HeaderDictionary(
                request.Headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase))));
    }

    public void OnCompleted() => _requests.Writer.TryComplete();

    public void OnError(Exception error) => _requests.Writer.TryComplete(error);

    public void Dispose() => _subscription.Dispose();
}
