using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using Xeno.Portal.Tests.Support;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.Tests.OAuth.Rules;

/// <summary>
/// The order in which the rules of the portal and the handlers of the engine run, compared with decision record 0017. A new version of
/// the engine that adds, removes or moves a handler fails here: read what the handler does, then update the record.
/// </summary>
[Trait("Category", "Fast")]
public sealed class HandlerOrderTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static readonly Dictionary<string, Type[]> s_steps = new(StringComparer.Ordinal)
    {
        ["Authorize"] =
        [
            typeof(ExtractAuthorizationRequestContext), typeof(ValidateAuthorizationRequestContext),
            typeof(HandleAuthorizationRequestContext),
            typeof(ApplyAuthorizationResponseContext),
        ],
        ["Token"] =
        [
            typeof(ExtractTokenRequestContext), typeof(ValidateTokenRequestContext), typeof(HandleTokenRequestContext),
            typeof(ApplyTokenResponseContext),
        ],
        ["Revoke"] =
        [
            typeof(ExtractRevocationRequestContext), typeof(ValidateRevocationRequestContext), typeof(HandleRevocationRequestContext),
            typeof(ApplyRevocationResponseContext),
        ],
        ["Introspect"] =
        [
            typeof(ExtractIntrospectionRequestContext), typeof(ValidateIntrospectionRequestContext),
            typeof(HandleIntrospectionRequestContext),
            typeof(ApplyIntrospectionResponseContext),
        ],
        ["Server metadata"] =
        [
            typeof(ExtractConfigurationRequestContext), typeof(ValidateConfigurationRequestContext),
            typeof(HandleConfigurationRequestContext),
            typeof(ApplyConfigurationResponseContext),
        ],
        ["Shared"] =
        [
            typeof(ProcessRequestContext), typeof(ProcessAuthenticationContext), typeof(ValidateTokenContext), typeof(ProcessSignInContext),
            typeof(GenerateTokenContext), typeof(ProcessChallengeContext), typeof(ProcessErrorContext),
        ],
    };

    // Endpoints of the engine that the portal does not use.
    private static readonly string[] s_absentEndpoints =
    [
        "RequireDeviceAuthorizationRequest", "RequireEndSessionRequest", "RequireEndUserVerificationRequest", "RequireJsonWebKeySetRequest",
        "RequirePushedAuthorizationRequest", "RequireUserInfoRequest",
    ];

    public static TheoryData<string> Endpoints => [.. s_steps.Keys];

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Rules_and_handlers_run_in_the_order_of_the_decision_record(string endpoint)
    {
        var record = await File.ReadAllTextAsync(
            Path.Combine(SourceTree.Top, "docs", "decisions", "0017-what-the-engine-does-for-us.md"),
            TestContext.Current.CancellationToken);

        var written = Regex.Match(record, $"### {endpoint}\n\n```text\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

        var actual = await ListAsync(endpoint);
        Assert.True(written == actual, $"The handlers of {endpoint} are now:\n{actual}");
    }

    [Fact]
    public void Every_rule_is_in_a_list()
    {
        var rules = typeof(Program).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.GetInterfaces().Any(
                i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IOpenIddictServerHandler<>)))
            .Select(type => type.Name).Order();

        Assert.Equal(rules, Handlers.Select(handler => handler.ServiceDescriptor.ServiceType).Where(IsOurs)
            .Select(type => type.IsGenericType ? type.GetGenericTypeDefinition().Name : type.Name).Distinct().Order());
    }

    private List<OpenIddictServerHandlerDescriptor> Handlers => Options.Handlers;

    private OpenIddictServerOptions Options => portal.Services.GetRequiredService<IOptions<OpenIddictServerOptions>>().Value;

    private async Task<string> ListAsync(string endpoint)
    {
        var text = new StringBuilder();
        foreach (var step in s_steps[endpoint])
        {
            text.Append(step.Name.Replace("Context", "", StringComparison.Ordinal)).Append('\n');
            var running = Handlers.Where(handler => handler.ContextType == step).ToList();
            var removed = OpenIddictServerHandlers.DefaultHandlers.Concat(OpenIddictServerAspNetCoreHandlers.DefaultHandlers)
                .Where(handler => handler.ContextType == step).Except(running);
            Assert.Equal(running.Select(handler => handler.Order).Order(), running.Select(handler => handler.Order));
            foreach (var handler in running.Concat(removed).Where(HasAnEndpoint)
                         .OrderBy(handler => handler.Order).ThenByDescending(running.Contains).ThenBy(NameOf, StringComparer.Ordinal))
                text.Append("  ").Append(await MarkOfAsync(handler, isRunning: running.Contains(handler)))
                    .Append(' ').Append(NameOf(handler)).Append('\n');
        }

        return text.ToString();
    }

    private async Task<string> MarkOfAsync(OpenIddictServerHandlerDescriptor handler, bool isRunning)
        => !isRunning ? "out   "
            : IsOurs(handler.ServiceDescriptor.ServiceType) ? "RULE  "
            : await IsOnAsync(handler) ? "engine" : "off   ";

    private static bool HasAnEndpoint(OpenIddictServerHandlerDescriptor handler)
        => !handler.FilterTypes.Any(filter => s_absentEndpoints.Contains(filter.Name));

    private static string NameOf(OpenIddictServerHandlerDescriptor handler) => handler.ServiceDescriptor.ServiceType.Name.Split('`')[0];

    private static bool IsOurs(Type handler) => handler.Assembly == typeof(Program).Assembly;

    /// <summary>False when the settings of the portal switch the handler off.</summary>
    private async Task<bool> IsOnAsync(OpenIddictServerHandlerDescriptor handler)
    {
        var transaction = new OpenIddictServerTransaction { Options = Options, Logger = NullLogger.Instance };
        var context = Activator.CreateInstance(handler.ContextType, transaction)!;
        foreach (var filter in handler.FilterTypes)
        {
            // Only the filters that look at settings; the others look at the request.
            if (!filter.Name.EndsWith("Enabled", StringComparison.Ordinal) && !filter.Name.EndsWith("Disabled", StringComparison.Ordinal))
                continue;
            var isActive = filter.GetInterfaces()[0].GetMethod("IsActiveAsync")!;
            if (!await (ValueTask<bool>)isActive.Invoke(portal.Services.GetRequiredService(filter), [context])!)
                return false;
        }

        return true;
    }
}
