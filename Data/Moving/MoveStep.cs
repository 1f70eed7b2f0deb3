namespace Xeno.Portal.Data.Moving;

/// <summary>How far a move has come with one table.</summary>
/// <param name="Rows">How many of its rows have been moved, or verified.</param>
/// <param name="Of">How many rows the table has.</param>
/// <param name="Checksum">The checksum of a verified table, the same on both sides; null while it is copied.</param>
public sealed record MoveStep(string Table, MoveStage Stage, long Rows, long Of, string? Checksum = null);

/// <summary>The stages of a move: it first copies all tables, then verifies all tables.</summary>
public enum MoveStage
{
    Copying,
    Verified,
}
