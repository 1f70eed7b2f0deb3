namespace Xeno.Portal.Data.Resources;

/// <summary>A row that belongs to exactly one account. Every query of the API filters by it.</summary>
public interface IOwnedResource
{
    /// <summary>Time-ordered (version 7), so that it is also the cursor of a list.</summary>
    Guid Id { get; }

    string AccountId { get; }
}
