using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Statements;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Http;

/// <summary>What surrounds every request: origin, proxies, headers, cookies, keys, errors.</summary>
public static class HttpFeature
{
    /// <summary>
    /// The longest request line, in bytes. A <c>state</c> of 4,096 and a redirect URI of 2,048 characters must fit, percent-encoded at up
    /// to nine bytes each; otherwise a legal authorization request would be refused.
    /// </summary>
    private const int LongestRequestLine = 60 * 1024;

    /// <summary>The longest time that a page or a protocol answer may take. A WebSocket may last longer.</summary>
    internal static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(30);

    public static IHostApplicationBuilder AddHttp(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;

        services.AddOptions<PublicOriginOptions>().BindConfiguration(PublicOriginOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PublicOriginOptions>, PublicOriginValidation>();
        services.AddSingleton<PublicOrigin>().AddSingleton<Reach>();

        services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsValidation>();
        services.AddSingleton<IConfigureOptions<ForwardedHeadersOptions>, TrustedProxies>();

        services.AddOptions<StrictTransportOptions>().BindConfiguration(StrictTransportOptions.Section).ValidateOnStart();
        services.AddSingleton<IConfigureOptions<HstsOptions>, StrictTransport>();

        AddKeys(builder);

        services.AddAntiforgery();
        services.AddSingleton<IConfigureOptions<AntiforgeryOptions>, AntiforgeryCookie>();

        services.AddCrossOriginAnswers();

        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = LongestRequest,
            WriteTimeoutResponse = _ => throw new RequestTookTooLongException(),
        });
        services.AddProblemDetails();
        services.CountFromZero(HttpMetrics.AddZero);
        services.AddExceptionHandler<ErrorAnswers>();

        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;

            // A client that sends more slowly than this is cut off, because it holds a connection.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        });
        return builder;
    }

    /// <summary>Proxies, HSTS, errors and the guards of every request, in the order in which a request meets them.</summary>
    public static WebApplication UseHttp(this WebApplication app)
    {
        app.Use(TrustedProxies.RemoveQuotes);
        app.UseForwardedHeaders();
        if (app.Environment.IsProduction())
            app.UseHsts();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = PortalUrls.Error,
            StatusCodeSelector = ErrorAnswers.StatusOf,
            CreateScopeForErrors = true,

            // A 503 has one line in the log, which ErrorAnswers writes. A request that cannot be read has none, so that clients cannot fill
            // the log.
            SuppressDiagnosticsCallback = failure
                => ErrorAnswers.StatusOf(failure.Exception) is not StatusCodes.Status500InternalServerError,
        });
        app.UseMiddleware<PlainHttpGuard>();
        app.UseMiddleware<CircuitOriginGuard>();
        app.UseRouterRefusals();
        return app;
    }

    private static void AddKeys(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        var settings = builder.Configuration.GetSection(KeysOptions.Section).Get<KeysOptions>() ?? new KeysOptions();
        var certificates = new KeyCertificates(settings, SettingsFolder.For(builder.Environment));

        services.AddSingleton(certificates);
        services.AddOptions<KeysOptions>().BindConfiguration(KeysOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<KeysOptions>, KeysOptionsValidation>();
        services.AddHostedService<KeyRingGuard>();

        certificates.AddTo(services.AddDataProtection().SetApplicationName("Xeno.Portal"));
        services.AddOptions<KeyManagementOptions>()
            .Configure<IStatements>((keys, statements) => keys.XmlRepository = new KeyRing(statements));
    }
}
