using Xeno.Portal.Data;

namespace Xeno.Portal.Api.Faqs;

/// <summary>The account's FAQs.</summary>
internal sealed class FaqService(PortalDbContext database)
{
    public Task<ListPage<FaqResponse>> ListAsync(string accountId, PageRequest page, CancellationToken cancellationToken)
        => page.ReadAsync(database.Faqs, accountId,
            faq => new FaqResponse(faq.Id, faq.Question, faq.Answer, faq.CreatedAt, faq.UpdatedAt), faq => faq.Id, cancellationToken);
}
