using Microsoft.Extensions.Options;
using Xeno.Portal.Data.History;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.History;

/// <summary>Entries of the history that are older than <see cref="HistoryOptions.KeepFor"/>.</summary>
internal sealed class OldHistory(HistoryLedger ledger, IOptions<HistoryOptions> options, TimeProvider time) : IPrunableRows
{
    public string Kind => "history";

    public Task<int> RemoveAsync(int most) => ledger.RemoveOldAsync(time.GetUtcNow() - options.Value.KeepFor, most);
}
