using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>
/// The rules of one step of a request, written in the order in which they run. The engine sorts its handlers by number. Here every place
/// follows from a neighbour, so that a list reads from top to bottom and no rule depends on a number of the engine.
/// </summary>
/// <typeparam name="TContext">The engine's event of this step.</typeparam>
internal sealed class RuleList<TContext>(OpenIddictServerBuilder server) where TContext : BaseContext
{
    private int? _order;

    /// <summary>
    /// Handlers of the engine that stay: what follows in the list runs after them. Named where a rule needs what they did. All handlers
    /// that run are listed in docs/decisions/0017-what-the-engine-does-for-us.md.
    /// </summary>
    public RuleList<TContext> Engine(params ReadOnlySpan<OpenIddictServerHandlerDescriptor> handlers)
    {
        foreach (var handler in handlers)
            _order = PlaceOf(handler);
        return this;
    }

    /// <summary>A handler that the engine has, but does not use for this event.</summary>
    public RuleList<TContext> EngineAdded(OpenIddictServerHandlerDescriptor handler)
    {
        server.AddEventHandler(handler);
        return Engine(handler);
    }

    /// <summary>A rule of ours: right after the one above it, or in the place of a handler of the engine, which is removed.</summary>
    public RuleList<TContext> Rule<TRule>(OpenIddictServerHandlerDescriptor? insteadOf = null)
        where TRule : class, IOpenIddictServerHandler<TContext>
    {
        if (insteadOf is not null)
        {
            _order = PlaceOf(insteadOf);
            server.RemoveEventHandler(insteadOf);
        }
        else
            _order = _order + 1 ?? throw new InvalidOperationException($"{typeof(TRule).Name} needs a neighbour to take its place from.");

        var order = _order.Value;
        server.Services.TryAddScoped<TRule>();
        server.AddEventHandler<TContext>(rule => rule.UseScopedHandler<TRule>().SetOrder(order));
        return this;
    }

    /// <summary>Handlers of the engine that do not run.</summary>
    public RuleList<TContext> Without(params ReadOnlySpan<OpenIddictServerHandlerDescriptor> handlers)
    {
        foreach (var handler in handlers)
            server.RemoveEventHandler(handler);
        return this;
    }

    private int PlaceOf(OpenIddictServerHandlerDescriptor handler)
        => handler.ContextType == typeof(TContext) && (_order is null || handler.Order > _order)
            ? handler.Order
            : throw new InvalidOperationException(
                $"The list of {typeof(TContext).Name} is not in the engine's order at {handler.ServiceDescriptor.ServiceType.Name}.");
}

internal static class RuleLists
{
    /// <summary>Begins the list of one step.</summary>
    public static RuleList<TContext> Step<TContext>(this OpenIddictServerBuilder server) where TContext : BaseContext => new(server);
}
