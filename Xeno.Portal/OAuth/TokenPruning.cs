using Microsoft.Extensions.Options;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.OAuth;

/// <summary>Grants that were ended, and with them their codes and tokens, once <see cref="OAuthOptions.KeepEndedFor"/> is over.</summary>
internal sealed class EndedGrants(PrunableGrants grants, IOptions<OAuthOptions> options, TimeProvider time) : IPrunableRows
{
    public string Kind => "grants";

    public Task<int> RemoveAsync(int most) => grants.RemoveEndedAsync(time.GetUtcNow() - options.Value.KeepEndedFor, most);
}

/// <summary>Codes that were never exchanged, an hour after their end: until then whoever comes too late is told so.</summary>
internal sealed class NeverUsedCodes(PrunableGrants grants, TimeProvider time) : IPrunableRows
{
    private static readonly TimeSpan s_toldWhy = TimeSpan.FromHours(1);

    public string Kind => "codes";

    public Task<int> RemoveAsync(int most) => grants.RemoveNeverUsedAsync(time.GetUtcNow() - s_toldWhy, most);
}
