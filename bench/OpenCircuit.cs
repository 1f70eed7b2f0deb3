using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Xeno.Portal.Bench;

/// <summary>
/// Opens an interactive page as Blazor's script does: gets the page, opens its circuit, waits until the page is drawn, and answers the
/// server's calls. It needs no browser, so a thousand fit on one machine beside the portal. The bench and the tests use it.
/// </summary>
internal sealed partial class OpenCircuit : IAsyncDisposable
{
    private readonly Uri _origin;
    private readonly string _cookie;
    private readonly HttpTransportType _transport;
    private readonly TaskCompletionSource _drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<HubConnection> _lost = [];
    private HubConnection _connection;
    private string? _secret;
    private long _bytesDrawn;

    private OpenCircuit(Uri origin, string cookie, HttpTransportType transport)
    {
        (_origin, _cookie, _transport) = (origin, cookie, transport);
        _connection = NewConnection();
    }

    /// <summary>Completed when the server has ended the connection, or when it was lost.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>The size of what the server has sent to draw the page over the circuit, in bytes, before compression.</summary>
    public long BytesDrawn => Interlocked.Read(ref _bytesDrawn);

    /// <summary>Gets a page, opens its circuit, and waits until the page is drawn.</summary>
    /// <param name="cookie">The header <c>Cookie</c>.</param>
    /// <param name="transport">What carries the connection.</param>
    public static async Task<OpenCircuit> OpenAsync(
        Uri origin, string path, string cookie, HttpTransportType transport = HttpTransportType.WebSockets)
    {
        var page = await PageAsync(origin, path, cookie);
        var circuit = await StartAsync(origin, path, cookie, page, transport);
        await circuit.DrawAsync(page);
        return circuit;
    }

    /// <summary>Gets the HTML of a page.</summary>
    public static async Task<string> PageAsync(Uri origin, string path, string cookie)
    {
        using var http = new HttpClient { BaseAddress = origin };
        http.DefaultRequestHeaders.Add("Cookie", cookie);
        return await http.GetStringAsync(path);
    }

    /// <summary>Starts the circuit of a page, which is empty until <see cref="DrawAsync"/>. Throws when the server starts none.</summary>
    public static async Task<OpenCircuit> StartAsync(
        Uri origin, string path, string cookie, string page, HttpTransportType transport = HttpTransportType.WebSockets)
    {
        var circuit = new OpenCircuit(origin, cookie, transport);
        try
        {
            await circuit._connection.StartAsync();
            circuit._secret = await circuit._connection.InvokeAsync<string?>(
                "StartCircuit", origin.ToString(), new Uri(origin, path).ToString(), "[]", StateOf(page));
        }
        catch
        {
            await circuit.DisposeAsync();
            throw;
        }

        if (circuit._secret is not null)
            return circuit;
        await circuit.DisposeAsync();
        throw new InvalidOperationException("The server started no circuit.");
    }

    /// <summary>Sends what the page is made of, and waits until the circuit has drawn it.</summary>
    public async Task DrawAsync(string page)
    {
        await _connection.SendAsync("UpdateRootComponents", Components(page), StateOf(page));
        await _drawn.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Leaves the page as a browser does.</summary>
    public async Task LeaveAsync()
    {
        await CloseAsync();
        await _connection.StopAsync();
    }

    /// <summary>Has the server remove the circuit. The connection stays, as far as this client is concerned.</summary>
    public async Task CloseAsync()
    {
        using var http = new HttpClient { BaseAddress = _origin };
        http.DefaultRequestHeaders.Add("Cookie", _cookie);
        using var form = new MultipartFormDataContent { { new StringContent(_secret!), "circuitId" } };
        (await http.PostAsync("/_blazor/disconnect", form)).EnsureSuccessStatusCode();
    }

    /// <summary>Loses the connection. The server keeps the circuit for some minutes.</summary>
    public Task LoseConnectionAsync() => _connection.StopAsync();

    /// <summary>
    /// Comes back by a new connection, also while the server has not noticed that the old one is lost. False when the circuit was removed.
    /// </summary>
    public async Task<bool> ComeBackAsync()
    {
        _lost.Add(_connection);
        _connection = NewConnection();
        await _connection.StartAsync();
        return await _connection.InvokeAsync<bool>("ConnectCircuit", _secret);
    }

    /// <summary>Asks for the circuit of another page on this page's connection, as no browser does.</summary>
    public Task<bool> TakeOverAsync(OpenCircuit other) => _connection.InvokeAsync<bool>("ConnectCircuit", other._secret);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        foreach (var connection in _lost)
            await connection.DisposeAsync();
    }

    private HubConnection NewConnection()
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(_origin, "/_blazor"), options =>
        {
            options.Headers["Cookie"] = _cookie;
            options.Transports = _transport;
        });
        builder.Services.RemoveAll<IHubProtocol>();
        builder.Services.AddSingleton<IHubProtocol, BlazorPack>();
        var connection = builder.Build();

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var batches = 0;
        connection.On<long, byte[]>("JS.RenderBatch", async (batch, content) =>
        {
            Interlocked.Add(ref _bytesDrawn, content.Length);
            await connection.SendAsync("OnRenderCompleted", batch, null);
            if (Interlocked.Increment(ref batches) >= 2 && content.Length > 200)
                _drawn.TrySetResult();
        });
        Type[] callTypes = [typeof(long), typeof(string), typeof(string), typeof(int), typeof(long), typeof(int)];
        connection.On("JS.BeginInvokeJS", callTypes, async (call, _) =>
        {
            if ((long)call[0]! != 0)
                await connection.SendAsync("EndInvokeJSFromDotNet", (long)call[0]!, true, $"[{call[0]},true,null]");
        }, new object());
        connection.On<string>("JS.Error", message => _drawn.TrySetException(new InvalidOperationException(message)));
        connection.Closed += failure =>
        {
            _drawn.TrySetException(failure ?? new InvalidOperationException("The circuit was closed."));
            ended.TrySetResult();
            return Task.CompletedTask;
        };
        Ended = ended.Task;
        return connection;
    }

    private static string StateOf(string page) => StateComment().Match(page).Groups[1].Value;

    // The page has a comment at each place that the circuit must draw. Its content is sent back unchanged.
    private static string Components(string page)
    {
        var operations = new JsonArray();
        foreach (var marker in MarkerComment().Matches(page).Select(match => JsonNode.Parse(match.Groups[1].Value)!))
            if ((string?)marker["type"] == "server")
                operations.Add(new JsonObject { ["type"] = "add", ["ssrComponentId"] = operations.Count + 1, ["marker"] = marker });
        var update = new JsonObject { ["batchId"] = 1, ["operations"] = operations };
        return update.ToJsonString(JsonSerializerOptions.Web);
    }

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->", RegexOptions.Singleline)]
    private static partial Regex MarkerComment();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->", RegexOptions.Singleline)]
    private static partial Regex StateComment();

    /// <summary>The protocol of Blazor's script: SignalR's MessagePack protocol with another name.</summary>
    private sealed class BlazorPack : IHubProtocol
    {
        private readonly MessagePackHubProtocol _messagePack = new();

        public string Name => "blazorpack";

        public int Version => 1;

        public TransferFormat TransferFormat => TransferFormat.Binary;

        public bool IsVersionSupported(int version) => version == Version;

        public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
            => _messagePack.TryParseMessage(ref input, binder, out message);

        public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => _messagePack.WriteMessage(message, output);

        public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _messagePack.GetMessageBytes(message);
    }
}
