using Xeno.Portal.Data;
using Xeno.Portal.Data.Resources;

namespace Xeno.Portal.Api.Conversations;

/// <summary>The account's conversations.</summary>
internal sealed class ConversationService(PortalDbContext database)
{
    public Task<ListPage<ConversationResponse>> ListAsync(string accountId, PageRequest page, CancellationToken cancellationToken)
        => page.ReadAsync(database.Conversations, accountId,
            conversation => new ConversationResponse(
                conversation.Id, conversation.Subject, conversation.ContactId,
                conversation.Status == ConversationStatus.Open ? "open" : "closed",
                conversation.Messages.Count, conversation.CreatedAt, conversation.UpdatedAt),
            conversation => conversation.Id, cancellationToken);
}
