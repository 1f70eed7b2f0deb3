namespace Xeno.Portal.Scopes;

/// <summary>A scope (RFC 6749 §3.3), with the sentence that a person reads before allowing it.</summary>
/// <param name="Name">The canonical name, as answers contain it.</param>
/// <param name="Aliases">Other spellings that requests may use.</param>
/// <param name="Title">What it gives access to, in two or three words.</param>
/// <param name="Permission">What the app will be able to do, as a sentence for the account's owner.</param>
public sealed record Scope(string Name, IReadOnlyList<string> Aliases, string Title, string Permission);
