namespace Xeno.Portal.Shell.Components;

/// <summary>The tone of a <see cref="StatusMessage"/>.</summary>
public enum StatusKind
{
    Info,
    Success,
    Warning,
    Error,
}
