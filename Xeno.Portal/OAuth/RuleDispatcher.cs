using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth;

/// <summary>
/// Runs the engine's handlers and our rules in their order, as the engine's own dispatcher does. The engine's looks through about three
/// hundred handlers at each of a dozen steps of a request; here the handlers of each step are looked up once (decision 0011).
/// </summary>
internal sealed class RuleDispatcher(RulePlans plans, IServiceProvider services) : IOpenIddictServerDispatcher
{
    public async ValueTask DispatchAsync<TContext>(TContext context) where TContext : BaseContext
    {
        foreach (var step in plans.For<TContext>())
        {
            // Not earlier: a handler may change what the filter of a later one looks at.
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

/// <summary>The handlers of each step, in order; found at the first use of a step.</summary>
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

/// <summary>One handler, with the filters that say when it runs.</summary>
internal sealed class RuleStep<TContext>(
    ServiceDescriptor handler, IOpenIddictServerHandlerFilter<TContext>[] filters, IServiceProvider root)
    where TContext : BaseContext
{
    private readonly IOpenIddictServerHandler<TContext>? _shared = handler.ImplementationInstance as IOpenIddictServerHandler<TContext>
        ?? (handler.Lifetime == ServiceLifetime.Singleton
            ? (IOpenIddictServerHandler<TContext>)root.GetRequiredService(handler.ServiceType)
            : null);

    /// <summary>The handler runs only when all of them are active.</summary>
    public IOpenIddictServerHandlerFilter<TContext>[] Filters { get; } = filters;

    public IOpenIddictServerHandler<TContext> HandlerOf(IServiceProvider services)
        => _shared ?? (IOpenIddictServerHandler<TContext>)services.GetRequiredService(handler.ServiceType);
}
