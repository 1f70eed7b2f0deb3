using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api.Contacts;

/// <summary>/api/v1/contacts, with the scope <c>contacts</c>.</summary>
internal static class ContactEndpoints
{
    public static void MapContacts(this RouteGroupBuilder api)
    {
        api.MapGroup("/contacts").RequireScope(ScopeCatalog.Contacts).MapGet("", ListAsync).WithPaging();
    }

    private static async Task<Answer<ListPage<ContactResponse>>> ListAsync(
        Caller caller, PageRequest page, ContactService service, CancellationToken cancellationToken)
        => Answer.Of(await service.ListAsync(caller.AccountId, page, cancellationToken));
}

/// <summary>A person the account has talked to.</summary>
public sealed record ContactResponse(
    Guid Id, string Name, string? Email, string? Phone, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
