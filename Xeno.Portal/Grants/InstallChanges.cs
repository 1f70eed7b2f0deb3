using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data.Nodes;
using Xeno.Portal.Data.OAuth;

namespace Xeno.Portal.Grants;

/// <summary>Notifies open pages that the installed apps of an account have changed: a token was issued or ended.</summary>
public sealed class InstallChanges(INodeNotices nodes) : AccountNotices(nodes, "installs")
{
    /// <summary>Notifies the pages of each account that has a granted token among <paramref name="tokens"/>.</summary>
    public async Task PublishToHoldersAsync(IQueryable<IssuedToken> tokens, CancellationToken cancellationToken = default)
    {
        var accounts = await tokens.Granted().Select(token => token.Subject!).Distinct().ToListAsync(cancellationToken);
        accounts.ForEach(Publish);
    }
}
