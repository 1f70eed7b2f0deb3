namespace Xeno.Portal.Limits;

/// <summary>A limit, made by the folder that asks for it.</summary>
/// <param name="Name">Tells this limit from the others; the label <c>limit</c> of the metric <c>ratelimit.refusals</c>.</param>
/// <param name="PerMinute">How many requests a minute each caller may make.</param>
public readonly record struct RateLimit(string Name, int PerMinute);
