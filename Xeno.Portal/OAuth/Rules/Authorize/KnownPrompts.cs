using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary><c>prompt</c> takes <c>consent</c> and <c>login</c>, together or alone, or <c>none</c> alone.</summary>
internal sealed class KnownPrompts : AuthorizationRule
{
    private const string Known = $"{PromptValues.Consent} {PromptValues.Login} {PromptValues.None}";

    protected override Refusal? Judge(OpenIddictRequest request, AuthorizationRequestFacts facts)
    {
        var prompts = request.Prompt?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var unknown = prompts.FirstOrDefault(prompt => prompt is not (PromptValues.Consent or PromptValues.Login or PromptValues.None));
        if (unknown is not null)
            return new(Errors.InvalidRequest, OAuthErrors.UnsupportedPrompt(unknown), Expected: Known, Got: unknown);
        return prompts.Length > 1 && prompts.Contains(PromptValues.None) ? new(Errors.InvalidRequest, OAuthErrors.PromptNoneAlone) : null;
    }
}
