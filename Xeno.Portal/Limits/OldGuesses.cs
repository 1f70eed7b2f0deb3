using Xeno.Portal.Data.Guesses;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Limits;

/// <summary>Counts of wrong guesses that ended.</summary>
internal sealed class OldGuesses(GuessLedger ledger, TimeProvider time) : IPrunableRows
{
    public string Kind => "guesses";

    public Task<int> RemoveAsync(int most) => ledger.RemoveOverAsync(time.GetUtcNow(), most);
}
