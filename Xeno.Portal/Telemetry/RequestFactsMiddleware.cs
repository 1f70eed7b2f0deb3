namespace Xeno.Portal.Telemetry;

/// <summary>
/// Acts on the facts of a request after its answer is made: counts it, notes a use. A feature registers one for what it wants to know.
/// Must not throw and must not wait: it runs for every request.
/// </summary>
public interface IRequestObserver
{
    /// <summary>Called once a request, after the answer was made; <paramref name="status"/> is the answer's.</summary>
    void Observe(RequestFacts facts, int status);
}

/// <summary>Reads the <see cref="RequestFacts"/> of each request once, when the answer is made, and hands them to every <see cref="IRequestObserver"/>.</summary>
internal sealed class RequestFactsMiddleware(RequestDelegate next, IEnumerable<IRequestObserver> observers)
{
    private readonly IRequestObserver[] _observers = [.. observers];

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);

        // Nobody learned anything about this request: a file, a page of a stranger.
        if (context.Features.Get<RequestFacts>() is not { } facts)
            return;
        foreach (var observer in _observers)
            observer.Observe(facts, context.Response.StatusCode);
    }
}

/// <summary>How code reaches the facts of its request.</summary>
public static class RequestFactsOfContext
{
    /// <summary>The facts of this request; made when they are first asked for.</summary>
    public static RequestFacts Facts(this HttpContext context)
    {
        if (context.Features.Get<RequestFacts>() is { } facts)
            return facts;

        facts = new RequestFacts();
        context.Features.Set(facts);
        return facts;
    }

    internal static IApplicationBuilder UseRequestFacts(this IApplicationBuilder app) => app.UseMiddleware<RequestFactsMiddleware>();
}
