using System.Text;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Xeno.Portal.Limits;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>
/// Reads token, revocation and introspection requests instead of the engine: a form-encoded body and nothing else (RFC 6749 §3.2), nothing
/// mended, nothing sent twice, no credentials in the query string, unknown parameters ignored.
/// </summary>
internal sealed class FormRequestsAreReadStrictly<TContext> : IOpenIddictServerHandler<TContext> where TContext : BaseValidatingContext
{
    private static readonly string[] s_known =
    [
        Parameters.ClientId, Parameters.ClientSecret, Parameters.GrantType, Parameters.Code, Parameters.RedirectUri, Parameters.CodeVerifier,
        Parameters.Token, Parameters.TokenTypeHint, Parameters.ClientAssertion, Parameters.ClientAssertionType,
    ];

    public async ValueTask HandleAsync(TContext context)
    {
        var request = context.Transaction.GetHttpRequest()!;
        var (encoded, flaw, status) = await FormBody.ReadAsync(request);
        var parameters = RequestParameters.Read(encoded);

        // An empty request for the engine's later steps, whatever is refused here.
        context.Transaction.Request = new OpenIddictRequest(
            s_known.Where(parameters.Values.ContainsKey).Select(name => KeyValuePair.Create(name, (string?)parameters.Values[name])));

        flaw ??= InTheQueryString(request) ?? parameters.FirstFlaw;
        if (flaw is not null)
        {
            request.HttpContext.Features.Set(new RefusedWithStatus(status));
            context.Reject(Errors.InvalidRequest, flaw);
        }
        else if (parameters.Values.ContainsKey(Parameters.ClientAssertion))
            context.Reject(Errors.InvalidClient, OAuthErrors.AssertionsNotTaken);
    }

    private static string? InTheQueryString(HttpRequest request)
    {
        if (request.QueryString.Value is not { Length: > 1 } query)
            return null;
        var name = FormDecoder.Pairs(Encoding.UTF8.GetBytes(query[1..])).Select(pair => pair.Name).FirstOrDefault(name => s_known.Contains(name));
        return name is null ? null : OAuthErrors.InQueryString(name);
    }
}

/// <summary>The status for a refusal that is not the usual 400.</summary>
internal sealed record RefusedWithStatus(int Status, TimeSpan? Wait = null)
{
    public static RefusedWithStatus TooMany(TimeSpan wait) => new(StatusCodes.Status429TooManyRequests, wait);
}

/// <summary>A body that is too large is a 413, one request too many a 429, with the same JSON error.</summary>
internal sealed class StatusTellsWhatWasWrong<TContext> : IOpenIddictServerHandler<TContext> where TContext : BaseRequestContext
{
    public ValueTask HandleAsync(TContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        if (http.Features.Get<RefusedWithStatus>() is { Status: >= 400 } refused)
        {
            http.Response.StatusCode = refused.Status;
            if (refused.Wait is { } wait)
                TooManyRequests.AnswerWith(http.Response, wait);
        }

        return ValueTask.CompletedTask;
    }
}
