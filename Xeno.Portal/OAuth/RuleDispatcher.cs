using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth;

/// <summary>
/// Runs the engine's handlers and our rules in their order, as the engine's own dispatcher does. That one goes through all of some three
/// hundred handlers at each of a dozen steps of a request to find the few that apply; here each step finds its own ready (decision 0011).
/// </summary>
internal sealed class RuleDispatcher(RulePlans plans, IServiceProvider services) : IOpenIddictServerDispatcher
{
    public async ValueTask DispatchAsync<TContext>(TContext context) where TContext : BaseContext
    {
        foreach (var step in plans.For<TContext>())
        {
            // Asked only now: what a filter looks at may have been set by the handler before.
            if (!await IsActiveAsync(step, context))
                continue;

            await step.HandlerOf(services).HandleAsync(context);
            if (context is BaseRequestContext { IsRequestHandled: true } or BaseRequestContext { IsRequestSkipped: true }
                or BaseValidatingContext { IsRejected: true })
                return;
        }
    }

    private static async ValueTask<bool> IsActiveAsync<TContext>(RuleStep<TContext> step, TContext context) where TContext : BaseContext
    {
        foreach (var filter in step.Filters)
            if (!await filter.IsActiveAsync(context))
                return false;
        return true;
    }
}

/// <summary>The handlers of each kind of step, in order, worked out once.</summary>
internal sealed class RulePlans(IOptions<OpenIddictServerOptions> options, IServiceProvider root)
{
    private readonly ConcurrentDictionary<Type, object> _plans = [];

    public RuleStep<TContext>[] For<TContext>() where TContext : BaseContext
        => (RuleStep<TContext>[])_plans.GetOrAdd(typeof(TContext), static (type, self) => self.Plan<TContext>(), this);

    private RuleStep<TContext>[] Plan<TContext>() where TContext : BaseContext =>
    [
        .. options.Value.Handlers.Where(handler => handler.ContextType == typeof(TContext)).Select(handler => new RuleStep<TContext>(
            handler.ServiceDescriptor,
            [.. handler.FilterTypes.Select(filter => (IOpenIddictServerHandlerFilter<TContext>)root.GetRequiredService(filter))], root)),
    ];
}

/// <summary>One handler, and when it applies.</summary>
internal sealed class RuleStep<TContext>(ServiceDescriptor handler, IOpenIddictServerHandlerFilter<TContext>[] filters, IServiceProvider root)
    where TContext : BaseContext
{
    private readonly IOpenIddictServerHandler<TContext>? _shared = handler.ImplementationInstance as IOpenIddictServerHandler<TContext>
        ?? (handler.Lifetime == ServiceLifetime.Singleton ? (IOpenIddictServerHandler<TContext>)root.GetRequiredService(handler.ServiceType) : null);

    /// <summary>All of them must say yes.</summary>
    public IOpenIddictServerHandlerFilter<TContext>[] Filters { get; } = filters;

    public IOpenIddictServerHandler<TContext> HandlerOf(IServiceProvider services)
        => _shared ?? (IOpenIddictServerHandler<TContext>)services.GetRequiredService(handler.ServiceType);
}
