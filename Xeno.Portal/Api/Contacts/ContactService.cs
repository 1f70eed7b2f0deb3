using Xeno.Portal.Data;

namespace Xeno.Portal.Api.Contacts;

/// <summary>The account's contacts.</summary>
internal sealed class ContactService(PortalDbContext database)
{
    public Task<ListPage<ContactResponse>> ListAsync(string accountId, PageRequest page, CancellationToken cancellationToken)
        => page.ReadAsync(database.Contacts, accountId,
            contact => new ContactResponse(contact.Id, contact.Name, contact.Email, contact.Phone, contact.CreatedAt, contact.UpdatedAt),
            contact => contact.Id, cancellationToken);
}
