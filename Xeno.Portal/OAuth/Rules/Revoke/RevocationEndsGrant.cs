using OpenIddict.Server;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.OAuth.Rules.Shared;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Revoke;

/// <summary>RFC 7009 §2.2: the token ends now, and with it its grant: the app is installed only while another token is valid.</summary>
internal sealed class RevocationEndsGrant(GrantEnding ending) : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        var row = ReadCodeOrTokenRow.RowOf(context.Transaction);
        if (row.Status == TokenStatuses.Valid)
            await ending.RevokeAsAppAsync(row.Entry);
    }
}
