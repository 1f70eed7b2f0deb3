namespace Xeno.Portal.Data.Sessions;

/// <summary>When a session is live, and when a device is known: defined here and nowhere else.</summary>
internal static class SessionDefinition
{
    /// <summary>
    /// Live, in SQL: the session is <c>s</c>, its account <c>o</c>; <c>$2</c> is now, <c>$3</c> the start of the oldest session that is
    /// still young enough.
    /// </summary>
    public const string LiveSql =
        """s."EndsAt" > $2 AND s."StartedAt" > $3 AND s."Stamp" = o."SecurityStamp" AND o."SuspendedAt" IS NULL""";

    /// <summary>Known, in SQL: the device is <c>d</c>, the account <c>o</c>; <c>$3</c> is the oldest sign-in that still counts.</summary>
    public const string KnownSql = """d."SignedInAt" > $3 AND d."Stamp" = o."SecurityStamp" """;
}
