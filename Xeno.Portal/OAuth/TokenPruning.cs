using Microsoft.Extensions.Options;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.OAuth;

/// <summary>Ended grants, with their codes and tokens, after <see cref="OAuthOptions.KeepEndedFor"/>.</summary>
internal sealed class EndedGrants(PrunableGrants grants, IOptions<OAuthOptions> options, TimeProvider time) : IPrunableRows
{
    public string Kind => "grants";

    public Task<int> RemoveAsync(int most) => grants.RemoveEndedAsync(time.GetUtcNow() - options.Value.KeepEndedFor, most);
}

/// <summary>Codes that were never exchanged, an hour after they expired. Until then a late exchange is answered "has expired".</summary>
internal sealed class NeverUsedCodes(PrunableGrants grants, TimeProvider time) : IPrunableRows
{
    private static readonly TimeSpan s_keptAfterExpiry = TimeSpan.FromHours(1);

    public string Kind => "codes";

    public Task<int> RemoveAsync(int most) => grants.RemoveNeverUsedAsync(time.GetUtcNow() - s_keptAfterExpiry, most);
}

/// <summary>Codes that were exchanged, after their lifetime: from then on presenting one again revokes nothing.</summary>
internal sealed class UsedCodes(PrunableGrants grants, TimeProvider time) : IPrunableRows
{
    public string Kind => "used_codes";

    public Task<int> RemoveAsync(int most) => grants.RemoveUsedCodesAsync(time.GetUtcNow(), most);
}
