namespace Xeno.Portal.Scopes;

/// <summary>A word of permission (RFC 6749 §3.3) with the sentence a person reads before allowing it.</summary>
/// <param name="Name">The canonical name, as it comes back in answers.</param>
/// <param name="Aliases">Other spellings that requests may use.</param>
/// <param name="Title">What it opens, in two or three words.</param>
/// <param name="Permission">What the app will be able to do, said to the account's owner.</param>
public sealed record Scope(string Name, IReadOnlyList<string> Aliases, string Title, string Permission);
