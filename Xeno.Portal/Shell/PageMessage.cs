using Xeno.Portal.Shell.Components;

namespace Xeno.Portal.Shell;

/// <summary>What an interactive page says about the last act.</summary>
/// <param name="Reference">Of a failure: the id that stands in the log line about it too.</param>
public sealed record PageMessage(StatusKind Kind, string Text, string? Reference = null);
