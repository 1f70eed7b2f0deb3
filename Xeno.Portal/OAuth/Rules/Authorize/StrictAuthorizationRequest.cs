using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>
/// Reads the authorization request from the query or from the consent form, instead of the engine. Nothing malformed is repaired; unknown
/// parameters are ignored (RFC 6749 §3.1). The rules after this one report what is malformed, because client and redirect URI decide where
/// an error may go.
/// </summary>
internal sealed class StrictAuthorizationRequest : IOpenIddictServerHandler<ExtractAuthorizationRequestContext>
{
    private static readonly string[] s_known =
    [
        Parameters.ClientId, Parameters.RedirectUri, Parameters.ResponseType, Parameters.ResponseMode, Parameters.Scope, Parameters.State,
        Parameters.CodeChallenge, Parameters.CodeChallengeMethod, Parameters.Prompt, Parameters.Request, Parameters.RequestUri,
    ];

    /// <summary>Whether the authorization request has a parameter of this name; others are ignored.</summary>
    public static bool IsKnown(string name) => s_known.Contains(name);

    public async ValueTask HandleAsync(ExtractAuthorizationRequestContext context)
    {
        var request = context.Http().Request;
        ReadOnlyMemory<byte> encoded;
        if (HttpMethods.IsPost(request.Method))
        {
            (encoded, var flaw, _) = await FormBody.ReadAsync(request, canBeReadAgain: true);
            if (flaw is not null)
            {
                context.Refuse(Errors.InvalidRequest, flaw);
                return;
            }
        }
        else if (PackedRequest.Query(request.QueryString.Value is { Length: > 1 } query ? query[1..] : "") is { } readable)
            encoded = readable;
        else
        {
            context.Refuse(Errors.InvalidRequest, OAuthErrors.PackedUnreadable);
            return;
        }

        var parameters = RequestParameters.Read(encoded, ConsentForm.OwnFields);
        request.HttpContext.Features.Set(new AuthorizationRequestFacts { Parameters = parameters });
        context.Transaction.Request = new OpenIddictRequest(
            s_known.Where(parameters.Values.ContainsKey).Select(name => KeyValuePair.Create(name, (string?)parameters.Values[name])));
    }
}
