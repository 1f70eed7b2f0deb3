namespace Xeno.Portal.Shell;

/// <summary>
/// How much text one field of an interactive page holds. The whole text of a field is sent in one message each time it changes, and a
/// message above the hub's limit would end the connection and lose what was typed. So the browser lets a field hold no more than always
/// fits, which is far more than any rule allows: whoever pastes more is told by the field's own message, and the page goes on.
/// </summary>
public static class TypedText
{
    /// <summary>
    /// In characters as browsers count them. The message has the text twice (as the field's value and as the event's), and JSON needs six
    /// bytes for one character at most: so it always fits.
    /// </summary>
    public const int Longest = 42_000;

    /// <summary>
    /// In bytes: one message of a page to its circuit. Not more than needed, because the portal keeps the beginning of a message until it
    /// has its end.
    /// </summary>
    internal const int LongestMessage = 512 * 1024;
}
