namespace Xeno.Portal.Data.Resources;

/// <summary>A person the account has talked to. Scope: contacts.</summary>
public sealed class Contact : IOwnedResource
{
    public required Guid Id { get; set; }

    public required string AccountId { get; set; }

    public required string Name { get; set; }

    public string? Email { get; set; }

    public string? Phone { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
