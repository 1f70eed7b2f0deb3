using System.Text;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>
/// Reads the authorization request, from the query or from the consent form, instead of the engine: nothing malformed is mended, and
/// parameters that are not known here are ignored (RFC 6749 §3.1). What is wrong with the rest is told by the rules that follow, because
/// where it may be told depends on the client and its redirect URI.
/// </summary>
internal sealed class AuthorizationRequestsAreReadStrictly : IOpenIddictServerHandler<ExtractAuthorizationRequestContext>
{
    private static readonly string[] s_known =
    [
        Parameters.ClientId, Parameters.RedirectUri, Parameters.ResponseType, Parameters.ResponseMode, Parameters.Scope, Parameters.State,
        Parameters.CodeChallenge, Parameters.CodeChallengeMethod, Parameters.Prompt, Parameters.Request, Parameters.RequestUri,
    ];

    public async ValueTask HandleAsync(ExtractAuthorizationRequestContext context)
    {
        var request = context.Transaction.GetHttpRequest()!;
        ReadOnlyMemory<byte> encoded;
        if (HttpMethods.IsPost(request.Method))
        {
            (encoded, var flaw, _) = await FormBody.ReadAsync(request, canBeReadAgain: true);
            if (flaw is not null)
            {
                context.Reject(Errors.InvalidRequest, flaw);
                return;
            }
        }
        else
            encoded = Encoding.UTF8.GetBytes(request.QueryString.Value is { Length: > 1 } query ? query[1..] : "");

        var parameters = RequestParameters.Read(encoded, ConsentForm.OwnFields);
        request.HttpContext.Features.Set(new AuthorizationRequestFacts { Parameters = parameters });
        context.Transaction.Request = new OpenIddictRequest(
            s_known.Where(parameters.Values.ContainsKey).Select(name => KeyValuePair.Create(name, (string?)parameters.Values[name])));
    }
}
