using System.Collections.Frozen;

namespace Xeno.Portal.Scopes;

/// <summary>All scopes, in the order in which they are shown and printed.</summary>
public static class ScopeCatalog
{
    public static Scope Widgets { get; } = new("widgets", ["brands", "widget"], "Widgets",
        "See, create, change and delete your chat widgets.");

    public static Scope Faqs { get; } = new("faqs", [], "FAQs",
        "See, create, change and delete your FAQs.");

    public static Scope Contacts { get; } = new("contacts", [], "Contacts",
        "See, create, change and delete your contacts, with their e-mail addresses and phone numbers.");

    public static Scope Conversations { get; } = new("conversations", [], "Conversations",
        "Read your conversations, write messages in them, and delete them.");

    public static IReadOnlyList<Scope> All { get; } = [Widgets, Faqs, Contacts, Conversations];

    private static readonly FrozenDictionary<string, Scope> s_byAnySpelling = All
        .SelectMany(scope => scope.Aliases.Append(scope.Name).Select(spelling => (spelling, scope)))
        .ToFrozenDictionary(pair => pair.spelling, pair => pair.scope, StringComparer.Ordinal);

    /// <summary>The canonical names as they stand in a <c>scope</c> parameter: "widgets faqs contacts conversations".</summary>
    public static string Names { get; } = string.Join(' ', All.Select(scope => scope.Name));

    /// <summary>The scope of that name or alias, or null. Scope values are case-sensitive (RFC 6749 §3.3).</summary>
    public static Scope? Find(string spelling) => s_byAnySpelling.GetValueOrDefault(spelling);
}
