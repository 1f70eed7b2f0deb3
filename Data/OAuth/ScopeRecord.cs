using OpenIddict.EntityFrameworkCore.Models;

namespace Xeno.Portal.Data.OAuth;

/// <summary>A table that the engine requires; always empty, because the scopes are defined in code (the scope catalog).</summary>
public sealed class ScopeRecord : OpenIddictEntityFrameworkCoreScope<string>;
