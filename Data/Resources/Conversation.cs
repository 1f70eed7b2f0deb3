namespace Xeno.Portal.Data.Resources;

/// <summary>A thread of messages between the account and one contact. Scope: conversations.</summary>
public sealed class Conversation : IOwnedResource
{
    public required Guid Id { get; set; }

    public required string AccountId { get; set; }

    public required string Subject { get; set; }

    /// <summary>The contact it is with; null when that contact was deleted.</summary>
    public Guid? ContactId { get; set; }

    public Contact? Contact { get; set; }

    public ConversationStatus Status { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public ICollection<ConversationMessage> Messages { get; } = [];
}

/// <summary>Whether a conversation is still open. Sent by the API as its name in lower case.</summary>
public enum ConversationStatus
{
    Open,
    Closed,
}
