using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api.Faqs;

/// <summary>/api/v1/faqs, with the scope <c>faqs</c>.</summary>
internal static class FaqEndpoints
{
    public static void MapFaqs(this RouteGroupBuilder api)
    {
        api.MapGroup("/faqs").RequireScope(ScopeCatalog.Faqs).MapGet("", ListAsync).WithPaging();
    }

    private static async Task<Answer<ListPage<FaqResponse>>> ListAsync(
        Caller caller, PageRequest page, FaqService service, CancellationToken cancellationToken)
        => Answer.Of(await service.ListAsync(caller.AccountId, page, cancellationToken));
}

/// <summary>A question with its answer.</summary>
public sealed record FaqResponse(Guid Id, string Question, string Answer, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
