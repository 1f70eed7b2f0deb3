using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api.Conversations;

/// <summary>/api/v1/conversations, with the scope <c>conversations</c>.</summary>
internal static class ConversationEndpoints
{
    public static void MapConversations(this RouteGroupBuilder api)
    {
        api.MapGroup("/conversations").RequireScope(ScopeCatalog.Conversations).MapGet("", ListAsync).WithPaging();
    }

    private static async Task<Answer<ListPage<ConversationResponse>>> ListAsync(
        Caller caller, PageRequest page, ConversationService service, CancellationToken cancellationToken)
        => Answer.Of(await service.ListAsync(caller.AccountId, page, cancellationToken));
}

/// <summary>A thread of messages; status is open or closed.</summary>
public sealed record ConversationResponse(
    Guid Id, string Subject, Guid? ContactId, string Status, int MessageCount, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
