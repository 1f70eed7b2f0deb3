namespace Xeno.Portal.Playground;

/// <summary>The demo app, once <see cref="DemoSeed"/> has created it. Every account may try the flow with it.</summary>
public sealed class DemoApp
{
    private string? _ownerId;

    /// <summary>Its Client ID; null when there is no demo app.</summary>
    public string? ClientId { get; private set; }

    /// <summary>The owner of an app that the playground may use: the demo account for the demo app, otherwise the account itself.</summary>
    public string OwnerOr(string accountId, string clientId) => _ownerId is not null && clientId == ClientId ? _ownerId : accountId;

    internal void Set(string ownerId, string? clientId) => (_ownerId, ClientId) = (ownerId, clientId);
}
