using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>
/// <c>prompt=none</c> asks for no page, so it cannot be combined with a value that asks for one. Unknown values are ignored: from here on
/// the request has the known ones only (<see cref="Prompts"/>).
/// </summary>
internal sealed class PromptNoneAlone : AuthorizationRule
{
    protected override Refusal? Judge(OpenIddictRequest request, AuthorizationRequestFacts facts)
    {
        var prompts = Prompts.Of(request.Prompt);
        if (prompts.Contains(PromptValues.None) && prompts.Count > 1)
            return new(Errors.InvalidRequest, OAuthErrors.PromptNoneAlone);

        request.Prompt = prompts.Count > 0 ? string.Join(' ', prompts) : null;
        return null;
    }
}
