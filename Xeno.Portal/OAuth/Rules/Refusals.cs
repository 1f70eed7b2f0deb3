using Microsoft.AspNetCore;
using Xeno.Portal.Telemetry;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>How a rule refuses a request.</summary>
internal static class Refusals
{
    /// <summary>Ends the request with an error; the rules after this one do not run.</summary>
    /// <param name="expected">What the server expected, where the error compares two things; never a secret, code or verifier.</param>
    /// <param name="got">What the request said instead, under the same condition.</param>
    public static void Refuse(
        this BaseValidatingContext context, string error, string description, string? expected = null, string? got = null)
    {
        var facts = context.Http().Facts();
        (facts.Expected, facts.Got) = (expected, got);
        context.Reject(error, description);
    }

    /// <summary>The same for a request that came too often: status 429 and <c>Retry-After</c>.</summary>
    public static void RefuseForNow(this BaseValidatingContext context, TimeSpan wait, string description)
    {
        context.Http().Features.Set(RefusedWithStatus.TooMany(wait));
        context.Refuse(Errors.TemporarilyUnavailable, description);
    }

    /// <summary>The HTTP request of this event.</summary>
    public static HttpContext Http(this BaseContext context) => context.Transaction.GetHttpRequest()!.HttpContext;
}
