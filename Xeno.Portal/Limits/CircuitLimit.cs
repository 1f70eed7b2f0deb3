using Microsoft.AspNetCore.SignalR;

namespace Xeno.Portal.Limits;

/// <summary>
/// Stands between the hub of interactive pages and its connections, by WebSocket and by long polling alike: counts each connection, and
/// starts no circuit for which <see cref="OpenPages"/> has no place.
/// </summary>
internal sealed class CircuitLimit(OpenPages pages) : IHubFilter
{
    /// <summary>What a refused page is told. It offers to reload, and the answer to that says more.</summary>
    public const string TooMany = "Too many pages of this portal are open at the same time. Close some, then reload this one.";

    // The call by which a page that has lost its connection comes back to its circuit. Any other may start one.
    private const string ComeBack = "ConnectCircuit";

    private static readonly AsyncLocal<OpenConnection?> s_calling = new();

    /// <summary>The connection whose call is being handled; what the call does to a circuit is done while it is.</summary>
    public static OpenConnection Calling
        => s_calling.Value ?? throw new InvalidOperationException("A circuit came up outside every call to its hub.");

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var request = context.Context.GetHttpContext()!;
        var connection = request.Features.Get<OpenConnection>() ?? pages.TryConnect(PageOwner.Of(request));
        if (connection is null)
        {
            await RefuseAsync(context.Hub);
            return;
        }

        connection.End = context.Context.Abort;
        context.Context.Items[typeof(OpenConnection)] = connection;
        try
        {
            await next(context);
        }
        catch
        {
            pages.Disconnect(connection); // OnDisconnectedAsync is not called then.
            throw;
        }
    }

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext call, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var comesBack = call.HubMethodName == ComeBack;
        if (Of(call.Context) is not { } connection || !(comesBack ? IsFree(connection) : pages.TryTakePlace(connection)))
        {
            await RefuseAsync(call.Hub);
            return null;
        }

        s_calling.Value = connection;
        var result = await next(call);

        // A circuit that has drawn nothing yet is not counted while it has no connection, so it takes its place now.
        if (comesBack && result is true && !pages.TryTakePlace(connection))
            await RefuseAsync(call.Hub);
        return result;
    }

    public async Task OnDisconnectedAsync(
        HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        try
        {
            await next(context, exception);
        }
        finally
        {
            if (Of(context.Context) is { } connection)
                pages.Disconnect(connection);
        }
    }

    /// <summary>Of two circuits on one connection, the framework would forget the first and never remove it.</summary>
    private static bool IsFree(OpenConnection connection) => connection.Page is null;

    private static OpenConnection? Of(HubCallerContext context)
        => context.Items.TryGetValue(typeof(OpenConnection), out var connection) ? (OpenConnection?)connection : null;

    /// <summary>As the hub itself refuses: an exception would be an error in the log, and any client could fill it.</summary>
    private static async Task RefuseAsync(Hub hub)
    {
        await hub.Clients.Caller.SendAsync("JS.Error", TooMany);
        hub.Context.Abort();
    }
}
