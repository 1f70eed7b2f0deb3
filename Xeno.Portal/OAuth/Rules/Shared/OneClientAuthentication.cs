using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>
/// RFC 6749 §2.3, §2.3.1: a client authenticates in the body or by HTTP Basic, with both parts form-encoded; one of the two, never both.
/// Basic for one client with another's <c>client_id</c> in the body is refused. (The engine would accept it as the client of the header.)
/// </summary>
internal sealed class OneClientAuthentication<TContext> : IOpenIddictServerHandler<TContext> where TContext : BaseValidatingContext
{
    private const string Scheme = "Basic ";

    public ValueTask HandleAsync(TContext context)
    {
        var request = context.Transaction.Request!;
        var headers = context.Http().Request.Headers.Authorization;
        if (headers.Count == 1 && headers[0]!.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            if (Credentials(headers[0]![Scheme.Length..].Trim()) is not var (clientId, secret))
                context.Refuse(Errors.InvalidClient, OAuthErrors.BasicMalformed);
            else if (request.ClientSecret is not null)
                context.Refuse(Errors.InvalidRequest, OAuthErrors.TwoAuthentications);
            else if (request.ClientId is not null && request.ClientId != clientId)
                context.Refuse(Errors.InvalidRequest, OAuthErrors.TwoClients, expected: clientId, got: request.ClientId);
            else
                (request.ClientId, request.ClientSecret) = (clientId, secret);
        }
        else if (headers.Count > 1)
            context.Refuse(Errors.InvalidRequest, OAuthErrors.TwoAuthentications);

        if (!context.IsRejected && request.ClientId is null)
            context.Refuse(Errors.InvalidRequest, OAuthErrors.MissingClientId);
        return ValueTask.CompletedTask;
    }

    private static (string ClientId, string? Secret)? Credentials(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
            return null;

        var pair = bytes.AsSpan(0, length);
        var colon = pair.IndexOf((byte)':');
        if (colon <= 0)
            return null;

        var clientId = FormDecoder.Decode(pair[..colon]);
        var secret = FormDecoder.Decode(pair[(colon + 1)..]);
        return clientId is null || secret is null || clientId.Any(char.IsControl) || secret.Any(char.IsControl)
            ? null
            : (clientId, secret.Length == 0 ? null : secret);
    }
}
