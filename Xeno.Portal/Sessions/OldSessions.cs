using Xeno.Portal.Data.Sessions;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Sessions;

/// <summary>Sessions that ended by time.</summary>
internal sealed class OldSessions(SessionLedger ledger, TimeProvider time) : IPrunableRows
{
    public string Kind => "sessions";

    public Task<int> RemoveAsync(int most) => ledger.RemoveOldAsync(time.GetUtcNow(), most);
}

/// <summary>Devices on which an account has not signed in for a long time.</summary>
internal sealed class OldDevices(DeviceLedger ledger, TimeProvider time) : IPrunableRows
{
    public string Kind => "devices";

    public Task<int> RemoveAsync(int most) => ledger.RemoveOldAsync(time.GetUtcNow() - KnownDevices.Lifetime, most);
}
