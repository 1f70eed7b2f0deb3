using OpenIddict.EntityFrameworkCore.Models;

namespace Xeno.Portal.Data.OAuth;

/// <summary>Required by the engine and always empty: the scopes are words of the product and live in the scope catalog.</summary>
public sealed class ScopeRecord : OpenIddictEntityFrameworkCoreScope<string>;
