namespace Xeno.Portal.Playground;

/// <summary>The demo app, once the seed has made it: anybody may walk through the flow with it, so a new account needs no app of its own.</summary>
public sealed class DemoApp
{
    private string? _ownerId;

    /// <summary>Its Client ID, or null where nothing is seeded.</summary>
    public string? ClientId { get; private set; }

    /// <summary>Whose app that is: the demo account's, or the account's own.</summary>
    public string OwnerOr(string accountId, string clientId) => _ownerId is not null && clientId == ClientId ? _ownerId : accountId;

    internal void Is(string ownerId, string? clientId) => (_ownerId, ClientId) = (ownerId, clientId);
}
