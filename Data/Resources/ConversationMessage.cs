namespace Xeno.Portal.Data.Resources;

/// <summary>One message of a conversation.</summary>
public sealed class ConversationMessage
{
    public required Guid Id { get; set; }

    public required Guid ConversationId { get; set; }

    public MessageAuthor Author { get; set; }

    public required string Body { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>Who wrote a message.</summary>
public enum MessageAuthor
{
    /// <summary>The person the account talks to.</summary>
    Contact,

    /// <summary>The account itself, or an app on its behalf.</summary>
    Account,
}
