using System.Text;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>
/// Reads token, revocation and introspection requests, instead of the engine: a form-encoded body and nothing else, no parameter sent
/// twice, nothing malformed repaired, unknown parameters ignored (RFC 6749 §3.2), credentials in a query string refused (RFC 6749
/// §2.3.1).
/// </summary>
internal sealed class StrictFormRequest<TContext> : IOpenIddictServerHandler<TContext> where TContext : BaseValidatingContext
{
    private static readonly string[] s_known =
    [
        Parameters.ClientId, Parameters.ClientSecret, Parameters.ClientAssertion, Parameters.ClientAssertionType, Parameters.GrantType,
        Parameters.Code, Parameters.RedirectUri, Parameters.CodeVerifier, Parameters.Token, Parameters.TokenTypeHint,
    ];

    public async ValueTask HandleAsync(TContext context)
    {
        var request = context.Http().Request;
        var (encoded, flaw, status) = await FormBody.ReadAsync(request);
        var parameters = RequestParameters.Read(encoded);

        // Set also when the request is refused: the engine's later steps need one.
        context.Transaction.Request = new OpenIddictRequest(
            s_known.Where(parameters.Values.ContainsKey).Select(name => KeyValuePair.Create(name, (string?)parameters.Values[name])));

        flaw ??= InTheQueryString(request) ?? parameters.FirstFlaw;
        if (flaw is not null)
        {
            request.HttpContext.Features.Set(new RefusedWithStatus(status));
            context.Refuse(Errors.InvalidRequest, flaw);
        }
        else if (parameters.Values.ContainsKey(Parameters.ClientAssertion))
            context.Refuse(Errors.InvalidClient, OAuthErrors.AssertionsNotTaken);
    }

    private static string? InTheQueryString(HttpRequest request)
    {
        if (request.QueryString.Value is not { Length: > 1 } query)
            return null;
        var name = FormDecoder.Pairs(Encoding.UTF8.GetBytes(query[1..])).Select(pair => pair.Name)
            .FirstOrDefault(name => s_known.Contains(name));
        return name is null ? null : OAuthErrors.InQueryString(name);
    }
}
