namespace Xeno.Portal.Data.Resources;

/// <summary>A question visitors ask often, with its answer. Scope: faqs.</summary>
public sealed class Faq : IOwnedResource
{
    public required Guid Id { get; set; }

    public required string AccountId { get; set; }

    public required string Question { get; set; }

    public required string Answer { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
