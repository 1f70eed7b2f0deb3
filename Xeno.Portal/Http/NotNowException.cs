namespace Xeno.Portal.Http;

/// <summary>Nothing was done, and the same request may succeed a few seconds later: 503 with <c>Retry-After</c>.</summary>
public class NotNowException(string message) : Exception(message);

/// <summary>A request took longer than <see cref="HttpFeature.LongestRequest"/> and was given up.</summary>
internal sealed class RequestTookTooLongException()
    : NotNowException($"It took longer than {HttpFeature.LongestRequest.TotalSeconds} seconds.");
