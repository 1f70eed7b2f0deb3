using OpenIddict.Server;
using Xeno.Portal.Http;
using Xeno.Portal.OAuth.Rules.Shared;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Introspect;

/// <summary>
/// RFC 7662 §2.2: the answer about a usable token, with <c>scope</c>, which the engine leaves out for callers that are no audience.
/// </summary>
internal sealed class IntrospectionAnswer(PublicOrigin origin) : IOpenIddictServerHandler<ApplyIntrospectionResponseContext>
{
    public ValueTask HandleAsync(ApplyIntrospectionResponseContext context)
    {
        if ((bool?)context.Response[Claims.Active] != true)
            return ValueTask.CompletedTask;

        var row = ReadCodeOrTokenRow.RowOf(context.Transaction);
        foreach (var name in context.Response.GetParameters().Keys.ToList())
            context.Response.RemoveParameter(name);

        context.Response[Claims.Active] = true;
        context.Response[Claims.Scope] = row.Scopes.ToString();
        context.Response[Claims.ClientId] = row.ClientId;
        context.Response[Claims.Subject] = row.AccountId;
        context.Response[Parameters.TokenType] = TokenTypes.Bearer;
        context.Response[Claims.IssuedAt] = row.IssuedAt.ToUnixTimeSeconds();
        context.Response[Claims.Issuer] = origin.For(context.Http().Request);
        return ValueTask.CompletedTask;
    }
}
