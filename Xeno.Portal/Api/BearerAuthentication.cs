using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Xeno.Portal.Hosting;

namespace Xeno.Portal.Api;

/// <summary>
/// RFC 6750: a token comes in the <c>Authorization</c> header and nowhere else (§2.1, RFC 9700 §4.3.2); refusals carry a challenge that says
/// why (§3), and a body that says it again as problem details.
/// </summary>
internal sealed class BearerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, BearerTokens tokens, PublicOrigin origin)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";

    private const string Prefix = SchemeName + " ";

    private ApiRefusal _refusal = ApiRefusals.NoToken;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Query.ContainsKey("access_token"))
            return Refuse(ApiRefusals.TokenInQuery);

        var headers = Request.Headers.Authorization;
        if (headers.Count > 1)
            return Refuse(ApiRefusals.SeveralTokens);
        if (headers.Count == 0 || !headers[0]!.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return Refuse(ApiRefusals.NoToken);

        return await tokens.FindAsync(headers[0]![Prefix.Length..].Trim()) is { } caller
            ? AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(SchemeName), SchemeName))
            : Refuse(ApiRefusals.InvalidToken);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => AnswerAsync(_refusal);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
        => AnswerAsync(ApiRefusals.InsufficientScope(Context.GetEndpoint()!.Metadata.GetRequiredMetadata<RequiredScope>().Scope));

    private AuthenticateResult Refuse(ApiRefusal refusal)
    {
        _refusal = refusal;
        return AuthenticateResult.Fail(refusal.Error);
    }

    private Task AnswerAsync(ApiRefusal refusal)
    {
        Response.Headers.WWWAuthenticate = refusal.Challenge(origin.For(Request));
        return ApiProblems.WriteAsync(Context, origin, refusal.Status, refusal.Title, refusal.Description, refusal.Error);
    }
}
