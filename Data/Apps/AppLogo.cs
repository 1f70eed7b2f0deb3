namespace Xeno.Portal.Data.Apps;

/// <summary>The picture of an app, one row per app. It has a table of its own, so that lists of apps never load the bytes.</summary>
public sealed class AppLogo
{
    public required string AppId { get; set; }

    public required byte[] Bytes { get; set; }

    public required string ContentType { get; set; }

    /// <summary>When it was uploaded (UTC). Part of its address, so that browsers may cache it.</summary>
    public DateTimeOffset UpdatedAt { get; set; }
}
