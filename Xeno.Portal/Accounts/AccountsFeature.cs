using Microsoft.AspNetCore.Identity;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;

namespace Xeno.Portal.Accounts;

/// <summary>Wires the folder into the host: ASP.NET Core Identity and its cookie.</summary>
public static class AccountsFeature
{
    public static IHostApplicationBuilder AddAccounts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        builder.Services.AddIdentityCore<Account>()
            .AddEntityFrameworkStores<PortalDbContext>().AddSignInManager().AddDefaultTokenProviders();
        builder.Services.AddAuthorization();
        return builder;
    }

    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder routes) => routes;
}
