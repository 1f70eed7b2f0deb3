using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>
/// A rule about an authorization request whose client and redirect URI are certain: its refusal goes back to the app
/// (RFC 6749 §4.1.2.1).
/// </summary>
internal abstract class AuthorizationRule : IOpenIddictServerHandler<ExtractAuthorizationRequestContext>
{
    public ValueTask HandleAsync(ExtractAuthorizationRequestContext context)
    {
        if (Judge(context.Transaction.Request!, AuthorizationRequestFacts.Of(context.Http())) is { } refusal)
            context.Refuse(refusal.Error, refusal.Description, refusal.Expected, refusal.Got);
        return ValueTask.CompletedTask;
    }

    /// <summary>Null when the request keeps the rule. May complete the request with a default.</summary>
    protected abstract Refusal? Judge(OpenIddictRequest request, AuthorizationRequestFacts facts);

    /// <summary>See <see cref="Refusals.Refuse"/>.</summary>
    protected sealed record Refusal(string Error, string Description, string? Expected = null, string? Got = null);
}
