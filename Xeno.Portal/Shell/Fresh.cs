using MudBlazor;
using Xeno.Portal.Sessions;
using Xeno.Portal.Shell.Components;

namespace Xeno.Portal.Shell;

/// <summary>
/// A service for one action of an interactive page. A circuit can last for hours: a service kept that long would show old rows, and a page
/// that refreshes itself could use one database context twice at the same time. Before each action the page's session is looked at again;
/// an action that needs a proof asks for the password, and is then run again.
/// </summary>
public sealed class Fresh<TService>(IServiceScopeFactory scopes, PageSession session, IDialogService dialogs) where TService : notnull
{
    /// <summary>Runs <paramref name="action"/> with a new service, which has its own database context.</summary>
    /// <exception cref="SessionEndedException">The page's session is not live any more.</exception>
    /// <exception cref="ProofNotGivenException">The person was asked for the password, and cancelled.</exception>
    public async Task<TResult> RunAsync<TResult>(Func<TService, Task<TResult>> action)
    {
        while (true)
        {
            await session.EnsureLiveAsync();
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                return await action(scope.ServiceProvider.GetRequiredService<TService>());
            }
            catch (ProofNeededException)
            {
                if (!await ProofDialog.AskAsync(dialogs))
                    throw new ProofNotGivenException();
            }
        }
    }
}

/// <summary>A person was asked whether it is still them, and cancelled. Nothing was done.</summary>
public sealed class ProofNotGivenException() : Exception("The password was not given.");
