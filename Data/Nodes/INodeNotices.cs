namespace Xeno.Portal.Data.Nodes;

/// <summary>
/// What one node of the portal tells the others on the same database, while both run: nothing is kept, nothing is promised. It is for what a
/// page shows sooner because of it, never for what must be right.
/// </summary>
public interface INodeNotices
{
    /// <summary>Tells the other nodes, soon, that something about <paramref name="about"/> has changed. Does not wait, and never fails.</summary>
    void Tell(string about);

    /// <summary>
    /// Calls <paramref name="listener"/> with what other nodes told; with null when some of it may have been missed. It must return at once and
    /// not throw. For the life of the host.
    /// </summary>
    void Listen(Action<string?> listener);
}
