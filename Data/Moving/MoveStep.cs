namespace Xeno.Portal.Data.Moving;

/// <summary>How far a move has come with one table.</summary>
/// <param name="Rows">How many of its rows have been moved, or verified.</param>
/// <param name="Of">How many it has.</param>
/// <param name="Checksum">Of a verified table: the same on both sides.</param>
public sealed record MoveStep(string Table, MoveStage Stage, long Rows, long Of, string? Checksum = null);

/// <summary>What a move does with a table: first copies all of them, then verifies all of them.</summary>
public enum MoveStage
{
    Copying,
    Verified,
}
