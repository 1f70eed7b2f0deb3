using Microsoft.AspNetCore;
using OpenIddict.Server;
using Xeno.Portal.Scopes;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>Any other parameter that is sent twice, too long or no text: now that the app may be told, it is.</summary>
internal sealed class OtherFlawsAreToldToTheApp : AuthorizationRequestRule
{
    protected override (string, string)? Judge(ExtractAuthorizationRequestContext context, AuthorizationRequestFacts facts)
        => facts.Parameters.FirstFlaw is { } flaw ? (Errors.InvalidRequest, flaw) : null;
}

/// <summary>Nothing of a suspended app is served until it is resumed.</summary>
internal sealed class SuspendedAppsAreNotInstalled : AuthorizationRequestRule
{
    protected override (string, string)? Judge(ExtractAuthorizationRequestContext context, AuthorizationRequestFacts facts)
        => facts.App!.SuspendedAt is null ? null : (Errors.UnauthorizedClient, OAuthErrors.AppSuspended);
}

/// <summary>The customer's page does not name <c>response_type</c>: left out it means <c>code</c>, and nothing else is supported.</summary>
internal sealed class ResponseTypeDefaultsToCode : AuthorizationRequestRule
{
    protected override (string, string)? Judge(ExtractAuthorizationRequestContext context, AuthorizationRequestFacts facts)
    {
        var request = context.Transaction.Request!;
        request.ResponseType ??= ResponseTypes.Code;
        return request.ResponseType == ResponseTypes.Code
            ? null
            : (Errors.UnsupportedResponseType, OAuthErrors.UnsupportedResponseType(request.ResponseType));
    }
}

/// <summary>Answers go to the redirect URI's query; request objects (RFC 9101) are not taken.</summary>
internal sealed class UnsupportedExtensionsAreRefused : AuthorizationRequestRule
{
    protected override (string, string)? Judge(ExtractAuthorizationRequestContext context, AuthorizationRequestFacts facts)
    {
        var request = context.Transaction.Request!;
        if (request.ResponseMode is { } mode and not ResponseModes.Query)
            return (Errors.InvalidRequest, OAuthErrors.UnsupportedResponseMode(mode));
        return request.Request is null && request.RequestUri is null ? null : (Errors.InvalidRequest, OAuthErrors.RequestObjectsNotTaken);
    }
}

/// <summary>RFC 6749 §3.3 with the customer's words: a scope is required and known, and <c>brands</c> means <c>widgets</c>.</summary>
internal sealed class ScopesAreKnownAndTranslated : AuthorizationRequestRule
{
    protected override (string, string)? Judge(ExtractAuthorizationRequestContext context, AuthorizationRequestFacts facts)
    {
        var request = context.Transaction.Request!;
        var scopes = ScopeSet.Parse(request.Scope, out var unknown);
        if (unknown.Count > 0)
            return (Errors.InvalidScope, OAuthErrors.UnknownScope(unknown));
        if (scopes.Count == 0)
            return (Errors.InvalidScope, OAuthErrors.MissingScope);

        request.Scope = scopes.ToString();
        return null;
    }
}

/// <summary>RFC 7636, RFC 9700 §2.1.1: PKCE with S256 alone; an app without a secret cannot do without.</summary>
internal sealed class PkceIsS256 : AuthorizationRequestRule
{
    private const int ChallengeLength = 43;

    protected override (string, string)? Judge(ExtractAuthorizationRequestContext context, AuthorizationRequestFacts facts)
    {
        var request = context.Transaction.Request!;
        if (request.CodeChallenge is null)
        {
            if (request.CodeChallengeMethod is not null)
                return (Errors.InvalidRequest, OAuthErrors.MethodWithoutChallenge);
            return facts.App!.ClientType == ClientTypes.Public ? (Errors.InvalidRequest, OAuthErrors.ChallengeRequired) : null;
        }

        if (request.CodeChallengeMethod != CodeChallengeMethods.Sha256)
            return (Errors.InvalidRequest, OAuthErrors.UnsupportedChallengeMethod(request.CodeChallengeMethod));
        return request.CodeChallenge.Length == ChallengeLength
            && request.CodeChallenge.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? null
            : (Errors.InvalidRequest, OAuthErrors.ChallengeMalformed);
    }
}

/// <summary><c>prompt</c> takes <c>consent</c> and <c>login</c>, together or alone, or <c>none</c> alone.</summary>
internal sealed class PromptsAreKnown : AuthorizationRequestRule
{
    protected override (string, string)? Judge(ExtractAuthorizationRequestContext context, AuthorizationRequestFacts facts)
    {
        var prompts = context.Transaction.Request!.Prompt?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var unknown = prompts.FirstOrDefault(prompt => prompt is not (PromptValues.Consent or PromptValues.Login or PromptValues.None));
        if (unknown is not null)
            return (Errors.InvalidRequest, OAuthErrors.UnsupportedPrompt(unknown));
        return prompts.Length > 1 && prompts.Contains(PromptValues.None) ? (Errors.InvalidRequest, OAuthErrors.PromptNoneAlone) : null;
    }
}

/// <summary>A rule about a request whose client and redirect URI are certain: what it refuses is told to the app.</summary>
internal abstract class AuthorizationRequestRule : IOpenIddictServerHandler<ExtractAuthorizationRequestContext>
{
    public ValueTask HandleAsync(ExtractAuthorizationRequestContext context)
    {
        var facts = AuthorizationRequestFacts.Of(context.Transaction.GetHttpRequest()!.HttpContext);
        if (Judge(context, facts) is var (error, description))
            context.Reject(error, description);
        return ValueTask.CompletedTask;
    }

    /// <summary>The error and its description, or null when the rule is kept.</summary>
    protected abstract (string Error, string Description)? Judge(ExtractAuthorizationRequestContext context, AuthorizationRequestFacts facts);
}
