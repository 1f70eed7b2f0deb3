using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth;

/// <summary>The values of <c>prompt</c> (OpenID Connect Core §3.1.2.1, and Initiating User Registration 1.0 for <c>create</c>).</summary>
internal static class Prompts
{
    /// <summary>The values that have an effect here, in the order of the server's metadata.</summary>
    public static IReadOnlyList<string> Known { get; } =
        [PromptValues.None, PromptValues.Login, PromptValues.Consent, PromptValues.SelectAccount, PromptValues.Create];

    // The consent page names the account and has "Not you?", so it is also where an account is selected.
    private static readonly string[] s_showingConsent = [PromptValues.Consent, PromptValues.SelectAccount];

    /// <summary>The known values of <paramref name="prompt"/>. Others are ignored: a later standard may add some.</summary>
    public static IReadOnlySet<string> Of(string? prompt)
        => (prompt ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(Known.Contains).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether the consent page is shown although consent is remembered.</summary>
    public static bool ShowsConsent(IReadOnlySet<string> prompts) => s_showingConsent.Any(prompts.Contains);
}
