using Microsoft.AspNetCore;
using OpenIddict.Core;
using OpenIddict.Server;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.Http;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>The parameter without which there is nothing to revoke or to look at.</summary>
internal sealed class TheTokenIsNamed<TContext> : IOpenIddictServerHandler<TContext> where TContext : BaseValidatingContext
{
    public ValueTask HandleAsync(TContext context)
    {
        if (context.Transaction.Request!.Token is null)
            context.Reject(Errors.InvalidRequest, OAuthErrors.MissingToken);
        return ValueTask.CompletedTask;
    }
}

/// <summary>
/// RFC 7662 §4: an app sees its own live tokens; any other is simply not active. (The engine lets every client with a secret look at
/// tokens that have no audience.)
/// </summary>
internal sealed class AppsIntrospectTheirOwnTokensOnly(OpenIddictApplicationManager<RegisteredApp> clients)
    : IOpenIddictServerHandler<ValidateIntrospectionRequestContext>
{
    public async ValueTask HandleAsync(ValidateIntrospectionRequestContext context)
    {
        var row = TokensAreReadFromRows.RowOf(context.Transaction);
        if (await clients.HasClientTypeAsync((await clients.FindByClientIdAsync(context.ClientId!))!, ClientTypes.Public))
            context.Reject(Errors.InvalidClient, OAuthErrors.AuthenticationNeeded);
        else if (row.ClientId != context.ClientId || !row.IsUsable)
            context.Reject(Errors.InvalidToken, OAuthErrors.UnknownCode);
    }
}

/// <summary>RFC 7009 §2.1: an app revokes its own tokens; any other is left alone, and the answer is the same 200 as for an unknown one.</summary>
internal sealed class AppsRevokeTheirOwnTokensOnly : IOpenIddictServerHandler<ValidateRevocationRequestContext>
{
    public ValueTask HandleAsync(ValidateRevocationRequestContext context)
    {
        if (TokensAreReadFromRows.RowOf(context.Transaction).ClientId != context.ClientId)
            context.Reject(Errors.InvalidToken, OAuthErrors.UnknownCode);
        return ValueTask.CompletedTask;
    }
}

/// <summary>RFC 7009 §2.2: the token ends now, and with it its grant: the app is installed only while another token lives.</summary>
internal sealed class RevocationEndsTheGrant(GrantEnding ending) : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        var row = TokensAreReadFromRows.RowOf(context.Transaction);
        if (row.Status == TokenStatuses.Valid)
            await ending.RevokeAsAppAsync(row.Entry);
    }
}

/// <summary>RFC 7662 §2.2: the answer about a live token, with the scope that the engine keeps from callers which are not its audience.</summary>
internal sealed class IntrospectionTellsTheWholeToken(PublicOrigin origin) : IOpenIddictServerHandler<ApplyIntrospectionResponseContext>
{
    public ValueTask HandleAsync(ApplyIntrospectionResponseContext context)
    {
        if ((bool?)context.Response[Claims.Active] != true)
            return ValueTask.CompletedTask;

        var row = TokensAreReadFromRows.RowOf(context.Transaction);
        foreach (var name in context.Response.GetParameters().Keys.ToList())
            context.Response.RemoveParameter(name);

        context.Response[Claims.Active] = true;
        context.Response[Claims.Scope] = row.Scopes.ToString();
        context.Response[Claims.ClientId] = row.ClientId;
        context.Response[Claims.Subject] = row.AccountId;
        context.Response[Parameters.TokenType] = TokenTypes.Bearer;
        context.Response[Claims.IssuedAt] = row.IssuedAt.ToUnixTimeSeconds();
        context.Response[Claims.Issuer] = origin.For(context.Transaction.GetHttpRequest()!);
        return ValueTask.CompletedTask;
    }
}
