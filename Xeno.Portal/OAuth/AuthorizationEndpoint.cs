using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using OpenIddict.Server.AspNetCore;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.Sessions;
using Xeno.Portal.Limits;
using Xeno.Portal.OAuth.Pages;
using Xeno.Portal.OAuth.Rules.Authorize;
using Xeno.Portal.Scopes;
using Xeno.Portal.Sessions;
using Xeno.Portal.Telemetry;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth;

/// <summary>
/// GET and POST /oauth/authorize, after the rules (<see cref="Rules.Authorize.AuthorizeRules"/>): log-in, then the consent page unless
/// consent is remembered, then Allow or Cancel (RFC 6749 §4.1.1). Every answer to the app goes through the engine.
/// </summary>
internal static class AuthorizationEndpoint
{
    private const string ChangedNotice = "The request or the signed-in account changed since this page was opened, "
        + "or it was open for more than an hour. Nothing has been allowed yet: look again.";
    private const string StaleNotice = "This page had been open too long, so your answer was not counted. "
        + "Nothing has been allowed yet: choose again.";

    public static async Task<IResult> HandleAsync(
        HttpContext context, ConsentService consent, LoginAgain loginAgain, IAntiforgery antiforgery, RateLimits limits,
        IOptions<OAuthRateLimits> rateLimits, TokenLimit tokenLimit, IOptions<OAuthOptions> options)
    {
        if (context.GetOpenIddictServerResponse() is { Error: not null } refusal)
            return ErrorPage(context, refusal.Error, refusal.ErrorDescription, refusal.ErrorUri);

        var request = context.GetOpenIddictServerRequest()!;
        var facts = AuthorizationRequestFacts.Of(context);
        var asked = ScopeSet.FromStored(request.Scope);
        context.Facts().Scopes = asked.ToString();
        var prompts = Prompts.Of(request.Prompt);
        var isPost = HttpMethods.IsPost(context.Request.Method);

        if (context.Features.Get<LiveSession>() is not { } session)
        {
            if (prompts.Contains(PromptValues.None))
                return Refuse(Errors.LoginRequired, OAuthErrors.LoginRequired);
            var back = RequestUrl(facts, prompts.Contains(PromptValues.Login) ? loginAgain.Note(context, null) : null);
            return TypedResults.Redirect(
                prompts.Contains(PromptValues.Create) ? PortalUrls.RegisterThen(back) : PortalUrls.LoginThen(back));
        }

        var accountId = session.AccountId;
        context.Facts().AccountId = accountId;
        if (prompts.Contains(PromptValues.Login)
            && !loginAgain.IsDone(facts.Parameters.Values.GetValueOrDefault(LoginAgain.Parameter), context, session))
            return TypedResults.Redirect(PortalUrls.LoginThen(RequestUrl(facts, loginAgain.Note(context, session)), again: true));

        if (await tokenLimit.IsReachedAsync(session, facts.App!))
            return Refuse(Errors.AccessDenied, OAuthErrors.TooManyTokens(options.Value.TokensPerAppAndAccount));

        var state = ConsentService.StateOf(session, facts, asked);
        string? notice = null;
        if (isPost)
        {
            var fields = facts.Parameters.Values;
            var answer = fields.GetValueOrDefault(ConsentForm.Decision);
            if (!await antiforgery.IsRequestValidAsync(context))
                notice = StaleNotice;
            else if (answer == ConsentForm.Cancel)
            {
                consent.Cancel(accountId, facts);
                return Refuse(Errors.AccessDenied, OAuthErrors.AccessDenied);
            }
            else if (answer == ConsentForm.Allow && consent.Covers(fields.GetValueOrDefault(ConsentForm.Ticket), accountId, facts))
            {
                consent.Allow(accountId, facts, asked);
                return (await IssueAsync())!;
            }
            else
                notice = ChangedNotice;
        }
        else if (state.IsRemembered && !Prompts.ShowsConsent(prompts))
        {
            facts.IsRemembered = true;
            if (await IssueAsync() is { } passed)
                return passed;

            // Uninstalled at this moment: nothing is remembered any more.
            state = state with { Held = ScopeSet.Empty };
            facts.IsRemembered = false;
        }

        if (prompts.Contains(PromptValues.None))
            return Refuse(Errors.ConsentRequired, OAuthErrors.ConsentRequired);

        var page = await consent.AskAsync(accountId, state, facts, asked, RequestUrl(facts), notice);
        return new RazorComponentResult<ConsentPage>(new { Request = page })
        {
            StatusCode = notice is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };

        // Codes are limited by account. Null: consent was remembered, and the app was uninstalled meanwhile.
        async Task<IResult?> IssueAsync()
        {
            if (limits.Take(rateLimits.Value.Code, accountId) is { } wait)
                return ProtocolRefusals.TooManyPage(context, wait);
            return await consent.IssueCodeAsync(accountId, facts, asked, request.CodeChallenge) is { } principal
                ? TypedResults.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)
                : null;
        }
    }

    /// <summary>An error that goes back to the app.</summary>
    private static ForbidHttpResult Refuse(string error, string description) => TypedResults.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorUri] = PortalUrls.DocsError(error), // Or the engine sets its own.
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);

    /// <summary>An error that is not redirected, because client or redirect URI are not certain (RFC 6749 §4.1.2.1).</summary>
    private static RazorComponentResult<AuthorizationErrorPage> ErrorPage(
        HttpContext context, string error, string? description, string? errorUri)
    {
        var facts = context.Features.Get<AuthorizationRequestFacts>();
        context.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<AuthorizationErrorPage>(new
        {
            Refusal = new AuthorizationRefusal(
                error, description ?? OAuthErrors.Unexpected, errorUri, facts?.App?.DisplayName,
                facts?.Parameters.Values.GetValueOrDefault(Parameters.ClientId),
                facts?.Parameters.Values.GetValueOrDefault(Parameters.RedirectUri),
                IsOwner: facts?.App is { } app && app.IsManagedBy(context.User.AccountId()),
                facts?.RegisteredRedirectUris ?? [],
                facts is null ? null : RequestUrl(facts), context.TraceIdentifier,
                Unread: facts is not null ? null : HttpMethods.IsPost(context.Request.Method) ? "form" : "link"),
        })
        {
            StatusCode = StatusCodes.Status400BadRequest,
        };
    }

    /// <summary>
    /// The same request as an address of this site, whether it came by GET or POST; without the parameters that are ignored.
    /// </summary>
    private static string RequestUrl(AuthorizationRequestFacts facts, string? loginNote = null)
    {
        var parameters = facts.Parameters.Values.Where(parameter => StrictAuthorizationRequest.IsKnown(parameter.Key))
            .Select(parameter => KeyValuePair.Create(parameter.Key, (string?)parameter.Value));
        if (loginNote is not null)
            parameters = parameters.Append(KeyValuePair.Create(LoginAgain.Parameter, (string?)loginNote));
        return PackedRequest.Url(parameters);
    }
}
