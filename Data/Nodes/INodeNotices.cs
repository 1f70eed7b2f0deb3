namespace Xeno.Portal.Data.Nodes;

/// <summary>
/// Notices between the nodes that share a database. They are not stored, and delivery is not guaranteed: use them to refresh an open page
/// sooner, never for a rule that must hold.
/// </summary>
public interface INodeNotices
{
    /// <summary>Sends a notice to the other nodes: <paramref name="subject"/> has changed. Never waits or throws.</summary>
    void Publish(string subject);

    /// <summary>
    /// Calls <paramref name="listener"/> with the subject of each notice of another node, and with null when notices may have been lost.
    /// The listener must return at once and must not throw. It stays registered as long as the host runs.
    /// </summary>
    void Subscribe(Action<string?> listener);
}
