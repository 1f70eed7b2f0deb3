using Xeno.Portal.Shell.Components;

namespace Xeno.Portal.Shell;

/// <summary>The message of an interactive page about the last action.</summary>
/// <param name="Text">Names in it are marked, see <see cref="Sentence"/>.</param>
/// <param name="Reference">For a failure: its id, which is in the log line too.</param>
public sealed record PageMessage(StatusKind Kind, string Text, string? Reference = null);
