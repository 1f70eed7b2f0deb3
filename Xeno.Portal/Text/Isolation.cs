namespace Xeno.Portal.Text;

/// <summary>
/// Keeps a name apart from the sentence around it: a Hebrew or Arabic name would otherwise move the punctuation beside it. Markup does it
/// with <c>bdi</c>. A sentence that is a string marks its names by <see cref="Isolated"/>, and <c>Shell/Components/Sentence</c> draws them
/// as <c>bdi</c>, so that the text of the page stays exactly as it is read.
/// </summary>
public static class Isolation
{
    // FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (UAX 9). No name contains them: they are refused as unseen characters.
    private const char Start = '\u2068', End = '\u2069';

    /// <summary>The name, marked as a part of a sentence that is isolated. Never for a title or an accessible name.</summary>
    public static string Isolated(this string name) => $"{Start}{name}{End}";

    /// <summary>A sentence in its parts: names that were marked, and what stands around them.</summary>
    public static IEnumerable<(string Text, bool IsIsolated)> PartsOf(string sentence)
    {
        foreach (var part in sentence.Split(Start))
        {
            var end = part.IndexOf(End, StringComparison.Ordinal);
            if (end >= 0)
                yield return (part[..end], true);
            if (end + 1 < part.Length)
                yield return (part[(end + 1)..], false);
        }
    }
}
