namespace Xeno.Portal.Http;

/// <summary>
/// Which answers a script of another origin may read: those of the token and revocation endpoints, of everything well-known and of the
/// API, whatever their status. Without credentials: an app proves who it is in the request, never by a cookie.
/// </summary>
internal static class CrossOriginAnswers
{
    private const string AnyOrigin = "any-origin";

    private static readonly PathString[] s_readable
        = [PortalUrls.EveryApi, PortalUrls.WellKnown, PortalUrls.Token, PortalUrls.Revoke];

    // What a script may read besides the few headers that the Fetch standard names.
    private static readonly string[] s_exposed =
    [
        "WWW-Authenticate", "Retry-After", "RateLimit", "RateLimit-Policy", "Link", "Location", "ETag", "Idempotent-Replayed",
        "X-Request-Id",
    ];

    public static IServiceCollection AddCrossOriginAnswers(this IServiceCollection services)
        => services.AddCors(cors => cors.AddPolicy(AnyOrigin, policy => policy
            .AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod()
            .WithExposedHeaders(s_exposed)
            .SetPreflightMaxAge(TimeSpan.FromHours(2))));

    /// <summary>
    /// Answers preflights, and lets every other answer be read. Decided by the path and not by the endpoint, so that it holds for an
    /// unknown address too, and when the database is away.
    /// </summary>
    public static IApplicationBuilder UseCrossOriginAnswers(this IApplicationBuilder app) => app.UseWhen(
        context => PortalUrls.IsBelow(context.Request.Path, s_readable),
        readable => readable.UseCors(AnyOrigin));
}
