using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;
using Xeno.Portal.Text;

namespace Xeno.Portal.Accounts;

/// <summary>
/// How accounts are found: by <see cref="EmailAddress.KeyOf"/>, so that one address has one account and one count of wrong passwords,
/// however it is typed. An account's name is its address.
/// </summary>
internal sealed class AddressKeys : ILookupNormalizer
{
    [return: NotNullIfNotNull(nameof(name))]
    public string? NormalizeName(string? name) => name is null ? null : EmailAddress.KeyOf(name);

    [return: NotNullIfNotNull(nameof(email))]
    public string? NormalizeEmail(string? email) => NormalizeName(email);
}
