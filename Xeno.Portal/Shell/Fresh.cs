namespace Xeno.Portal.Shell;

/// <summary>
/// A service for one act of an interactive page. A circuit lives for hours: a service kept as long would see rows as they once were, and a
/// page that redraws by itself would use one database context twice at a time.
/// </summary>
public sealed class Fresh<TService>(IServiceScopeFactory scopes) where TService : notnull
{
    /// <summary>Runs <paramref name="act"/> with a service, and a database context, of its own.</summary>
    public async Task<TResult> RunAsync<TResult>(Func<TService, Task<TResult>> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<TService>());
    }
}
