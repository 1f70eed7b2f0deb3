using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Xeno.Portal.Bench;

/// <summary>
/// Opens an interactive page as Blazor's script does: gets the page, opens its circuit, waits until the page is drawn, and answers the
/// server's calls. It needs no browser, so a thousand fit on one machine beside the portal.
/// </summary>
internal sealed partial class OpenCircuit : IAsyncDisposable
{
    private readonly HubConnection _connection;

    private OpenCircuit(HubConnection connection) => _connection = connection;

    /// <summary>Opens one and waits until its page is drawn.</summary>
    public static async Task<OpenCircuit> OpenAsync(Uri origin, string path, string cookie)
    {
        using var http = new HttpClient { BaseAddress = origin };
        http.DefaultRequestHeaders.Add("Cookie", cookie);
        var page = await http.GetStringAsync(path);
        var state = StateComment().Match(page).Groups[1].Value;

        var builder = new HubConnectionBuilder().WithUrl(new Uri(origin, "/_blazor"), options => options.Headers["Cookie"] = cookie);
        builder.Services.RemoveAll<IHubProtocol>();
        builder.Services.AddSingleton<IHubProtocol, BlazorPack>();
        var connection = builder.Build();

        var drawn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var batches = 0;
        connection.On<long, byte[]>("JS.RenderBatch", async (batch, content) =>
        {
            await connection.SendAsync("OnRenderCompleted", batch, null);
            if (Interlocked.Increment(ref batches) >= 2 && content.Length > 200)
                drawn.TrySetResult();
        });
        Type[] callTypes = [typeof(long), typeof(string), typeof(string), typeof(int), typeof(long), typeof(int)];
        connection.On("JS.BeginInvokeJS", callTypes, async (call, _) =>
        {
            if ((long)call[0]! != 0)
                await connection.SendAsync("EndInvokeJSFromDotNet", (long)call[0]!, true, $"[{call[0]},true,null]");
        }, new object());
        connection.On<string>("JS.Error", message => drawn.TrySetException(new InvalidOperationException(message)));
        connection.Closed += failure =>
        {
            drawn.TrySetException(failure ?? new InvalidOperationException("The circuit was closed."));
            return Task.CompletedTask;
        };
        await connection.StartAsync();

        var circuit = await connection.InvokeAsync<string?>(
            "StartCircuit", origin.ToString(), new Uri(origin, path).ToString(), "[]", state);
        if (circuit is null)
            throw new InvalidOperationException("The server started no circuit.");
        await connection.SendAsync("UpdateRootComponents", Components(page), state);
        await drawn.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return new OpenCircuit(connection);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

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
