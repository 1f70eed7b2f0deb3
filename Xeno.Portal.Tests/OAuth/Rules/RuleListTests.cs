using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.OAuth.Rules;
using Xeno.Portal.OAuth.Rules.Token;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers.Exchange;

namespace Xeno.Portal.Tests.OAuth.Rules;

/// <summary>A list of rules that does not follow the order of the engine stops the start, and says where it is wrong.</summary>
[Trait("Category", "Fast")]
public sealed class RuleListTests
{
    private readonly RuleList<ValidateTokenRequestContext> _list
        = new OpenIddictServerBuilder(new ServiceCollection()).Step<ValidateTokenRequestContext>();

    [Fact]
    public void A_handler_that_runs_earlier_than_the_one_above_it_is_refused()
    {
        Assert.True(ValidateAuthentication.Descriptor.Order < ValidateCodeVerifier.Descriptor.Order);
        _list.Engine(ValidateAuthentication.Descriptor, ValidateCodeVerifier.Descriptor);

        ShouldBeRefused(() => _list.Engine(ValidateAuthentication.Descriptor), "ValidateAuthentication");
        ShouldBeRefused(() => _list.Engine(ValidateCodeVerifier.Descriptor), "ValidateCodeVerifier");
    }

    [Fact]
    public void A_handler_of_another_step_is_refused()
        => ShouldBeRefused(() => _list.Engine(NormalizeErrorResponse.Descriptor), "NormalizeErrorResponse");

    [Fact]
    public void A_rule_without_a_neighbour_is_refused() => ShouldBeRefused(() => _list.Rule<SingleUseCode>(), "SingleUseCode");

    private static void ShouldBeRefused(Func<object> add, string named)
        => Assert.Contains(named, Assert.Throws<InvalidOperationException>(add).Message, StringComparison.Ordinal);
}
