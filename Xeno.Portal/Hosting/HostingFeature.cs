using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Statements;
using Xeno.Portal.Hosting.Limits;
using Xeno.Portal.Hosting.Telemetry;

namespace Xeno.Portal.Hosting;

/// <summary>What surrounds every request: origin, transport, headers, cookies, keys, errors.</summary>
public static class HostingFeature
{
    /// <summary>
    /// The longest request line. A <c>state</c> of 4,096 and a redirect URI of 2,048 characters, percent-encoded at up to nine bytes each,
    /// must fit, or a legal authorization request would not.
    /// </summary>
    private const int LongestRequestLine = 60 * 1024;

    /// <summary>Nobody waits longer for a page or a protocol answer. A WebSocket may last.</summary>
    internal static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(30);

    public static IHostApplicationBuilder AddHosting(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;

        services.AddOptions<PublicOriginOptions>().BindConfiguration(PublicOriginOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PublicOriginOptions>, PublicOriginValidation>();
        services.AddSingleton<PublicOrigin>();

        services.AddOptions<HostingOptions>().BindConfiguration(HostingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HostingOptions>, HostingOptionsValidation>();
        services.AddSingleton<IConfigureOptions<ForwardedHeadersOptions>, TrustedProxies>();

        services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RateLimits>().AddSingleton<WrongGuesses>();

        services.AddSingleton<Pruning>().AddHostedService(provider => provider.GetRequiredService<Pruning>());
        services.AddSingleton<IDeadRows, OldGuesses>();

        builder.AddTelemetry();
        builder.AddLogs();

        services.AddDataProtection().SetApplicationName("Xeno.Portal");
        services.AddOptions<KeyManagementOptions>().Configure<IStatements>((keys, statements) => keys.XmlRepository = new KeyRing(statements));

        services.AddAntiforgery();
        services.AddSingleton<IConfigureOptions<AntiforgeryOptions>, AntiforgeryCookie>();

        services.AddCors(cors => cors.AddPolicy(CorsPolicies.AnyAppWithoutCredentials, policy => policy
            .AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod()
            .WithExposedHeaders("WWW-Authenticate", "Retry-After", "Link")
            .SetPreflightMaxAge(TimeSpan.FromHours(2))));

        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = LongestRequest,
            WriteTimeoutResponse = _ => throw new RequestTookTooLongException(),
        });
        services.AddProblemDetails();
        services.AddExceptionHandler<ErrorAnswers>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<InstallChanges>();
        services.AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHealthChecks().AddCheck<Drain>("stopping");
        services.WarmTheServer();

        services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;

            // Whoever sends slower than that holds a connection for nothing.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        });
        return builder;
    }

    // Kestrel's own type is not public: what the builder registered is wrapped. A server that is put in its place later, as tests do, stays as it is.
    private static void WarmTheServer(this IServiceCollection services)
    {
        var kestrel = services.Last(service => service.ServiceType == typeof(IServer)).ImplementationType!;
        services.AddSingleton<IServer>(provider => ActivatorUtilities.CreateInstance<WarmServer>(
            provider, (IServer)ActivatorUtilities.CreateInstance(provider, kestrel)));
    }

    /// <summary>The outermost middleware, in the order in which a request meets it.</summary>
    public static WebApplication UseHosting(this WebApplication app)
    {
        app.UseDrain();
        app.UseSecurityHeaders();
        app.UseHealth();
        app.UseForwardedHeaders();
        if (app.Environment.IsProduction())
            app.UseHsts();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = ErrorAnswers.Page,
            StatusCodeSelector = ErrorAnswers.StatusOf,
            CreateScopeForErrors = true,
            // For what is answered 503 one line is enough, which ErrorAnswers writes; for a request that cannot be read none, or anybody could fill
            // the log.
            SuppressDiagnosticsCallback = failure => ErrorAnswers.StatusOf(failure.Exception) is not StatusCodes.Status500InternalServerError,
        });
        app.UseMiddleware<PlainHttpGuard>();
        return app;
    }

    /// <summary>What must know who asks; goes after authentication.</summary>
    public static IApplicationBuilder UseHostingForAccounts(this IApplicationBuilder app) => app.UseMiddleware<OpenPages>();
}
