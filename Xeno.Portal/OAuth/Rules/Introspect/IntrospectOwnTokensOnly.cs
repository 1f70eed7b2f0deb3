using OpenIddict.Server;
using Xeno.Portal.OAuth.Rules.Shared;
using Xeno.Portal.Telemetry;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Introspect;

/// <summary>
/// RFC 7662 §4: an app sees only its own usable access tokens; for any other the answer is <c>{"active": false}</c>. (The engine lets every
/// client with a secret see tokens that have no audience.)
/// </summary>
internal sealed class IntrospectOwnTokensOnly : IOpenIddictServerHandler<ValidateIntrospectionRequestContext>
{
    public ValueTask HandleAsync(ValidateIntrospectionRequestContext context)
    {
        var row = ReadCodeOrTokenRow.RowOf(context.Transaction);
        if (row.ClientId != context.ClientId || !row.IsUsable)
            context.Refuse(Errors.InvalidToken, OAuthErrors.UnknownCode);
        else
            context.Http().Facts().Note(row);
        return ValueTask.CompletedTask;
    }
}
