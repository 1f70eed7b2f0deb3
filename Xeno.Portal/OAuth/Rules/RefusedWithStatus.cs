namespace Xeno.Portal.OAuth.Rules;

/// <summary>The status of a refusal that is not the usual 400 or 401; kept with the HTTP request until the answer is written.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Wait">For 429: how long to wait before the next try.</param>
internal sealed record RefusedWithStatus(int Status, TimeSpan? Wait = null)
{
    public static RefusedWithStatus TooMany(TimeSpan wait) => new(StatusCodes.Status429TooManyRequests, wait);
}
