namespace Xeno.Portal.Data.Apps;

/// <summary>The picture of an app, one row per app, apart from it so that lists never load the bytes.</summary>
public sealed class AppLogo
{
    public required string AppId { get; set; }

    public required byte[] Bytes { get; set; }

    public required string ContentType { get; set; }

    /// <summary>When it was uploaded (UTC); part of its address, so that browsers may keep it.</summary>
    public DateTimeOffset UpdatedAt { get; set; }
}
