namespace Xeno.Portal.Data.Resources;

/// <summary>A chat widget of the account's website. Scope: widgets (also written brands).</summary>
public sealed class Widget : IOwnedResource
{
    public required Guid Id { get; set; }

    public required string AccountId { get; set; }

    public required string Name { get; set; }

    /// <summary>The website that shows the widget.</summary>
    public string? WebsiteUrl { get; set; }

    /// <summary>The first line visitors read.</summary>
    public string? Greeting { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
