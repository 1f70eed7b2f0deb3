namespace Xeno.Portal.Shell;

/// <summary>
/// A service for one action of an interactive page. A circuit can last for hours: a service kept that long would show old rows, and a page
/// that refreshes itself could use one database context twice at the same time.
/// </summary>
public sealed class Fresh<TService>(IServiceScopeFactory scopes) where TService : notnull
{
    /// <summary>Runs <paramref name="action"/> with a new service, which has its own database context.</summary>
    public async Task<TResult> RunAsync<TResult>(Func<TService, Task<TResult>> action)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await action(scope.ServiceProvider.GetRequiredService<TService>());
    }
}
