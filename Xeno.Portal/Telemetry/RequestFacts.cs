namespace Xeno.Portal.Telemetry;

/// <summary>
/// What is known of one request: filled by the code that learns it, read once after the answer by <see cref="RequestFactsMiddleware"/>.
/// Metrics and log lines take what they say from here. Holds no token, code, secret or e-mail address.
/// </summary>
public sealed class RequestFacts
{
    /// <summary>
    /// The endpoint as a fixed text (<c>/oauth/token</c>, <c>/api/v1/widgets</c>), never the path that was sent; null for a page.
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>The Client ID of the app that asks, once it is known to exist.</summary>
    public string? ClientId { get; set; }

    /// <summary>The account that is signed in, or that the token speaks for.</summary>
    public string? AccountId { get; set; }

    /// <summary>The row id of the access token, which is no part of the token.</summary>
    public string? TokenId { get; set; }

    /// <summary>The scopes that the token has, or that the request asks for: canonical names, space-separated.</summary>
    public string? Scopes { get; set; }

    /// <summary>How the request ended, set where the status does not say it, as for an OAuth error that is a redirect.</summary>
    public RequestOutcome? Outcome { get; set; }

    /// <summary>The error code that was answered (RFC 6749 §5.2, RFC 6750 §3.1), or null.</summary>
    public string? Error { get; set; }

    /// <summary>What the server expected, for an error that compares two things; null otherwise.</summary>
    public string? Expected { get; set; }

    /// <summary>What the request said instead, safe to show to the app's developer; null otherwise.</summary>
    public string? Got { get; set; }

    /// <summary>
    /// How the request ended: failed or abandoned by its status, otherwise the <see cref="Outcome"/> that was set, otherwise what the
    /// status means.
    /// </summary>
    public RequestOutcome OutcomeOf(int status) => status switch
    {
        >= StatusCodes.Status500InternalServerError => RequestOutcome.Failed,
        StatusCodes.Status499ClientClosedRequest => RequestOutcome.Abandoned,
        _ when Outcome is { } outcome => outcome,
        StatusCodes.Status429TooManyRequests => RequestOutcome.Limited,
        >= StatusCodes.Status400BadRequest => RequestOutcome.Refused,
        _ => RequestOutcome.Served,
    };
}

/// <summary>How a request ended.</summary>
public enum RequestOutcome
{
    /// <summary>It was answered as asked (2xx, 3xx).</summary>
    Served,

    /// <summary>It was wrong or not allowed (4xx, or an OAuth error).</summary>
    Refused,

    /// <summary>It came too often (429).</summary>
    Limited,

    /// <summary>The portal or its database could not answer (5xx).</summary>
    Failed,

    /// <summary>The client went away before it was answered (499).</summary>
    Abandoned,
}
