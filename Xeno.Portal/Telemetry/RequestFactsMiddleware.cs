namespace Xeno.Portal.Telemetry;

/// <summary>
/// Acts on the facts of a finished request: counts it, notes a use. A feature registers one for each thing it wants to do.
/// Must not throw and must not wait, because it runs for every request that has facts.
/// </summary>
public interface IRequestObserver
{
    /// <summary>Called once for a request, after its answer was made.</summary>
    /// <param name="status">The status of the answer; 500 where the answer broke off, 499 where the client went away.</param>
    void Observe(RequestFacts facts, int status);
}

/// <summary>
/// Hands the <see cref="RequestFacts"/> of each request to every <see cref="IRequestObserver"/>, once, when its answer is made. Goes
/// outside the exception handler, whose answer is the final one.
/// </summary>
internal sealed class RequestFactsMiddleware(RequestDelegate next, IEnumerable<IRequestObserver> observers)
{
    private readonly IRequestObserver[] _observers = [.. observers];

    public async Task InvokeAsync(HttpContext context)
    {
        // An exception that comes this far broke off an answer that had started.
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            await next(context);
            status = context.Response.StatusCode;
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            status = StatusCodes.Status499ClientClosedRequest;
            throw;
        }
        finally
        {
            // Files and most pages have no facts.
            if (context.Features.Get<RequestFacts>() is { } facts)
                foreach (var observer in _observers)
                    observer.Observe(facts, status);
        }
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
