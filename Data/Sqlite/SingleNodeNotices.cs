using Xeno.Portal.Data.Nodes;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>SQLite serves one node, so there are no other nodes to send notices to.</summary>
internal sealed class SingleNodeNotices : INodeNotices
{
    public void Publish(string subject)
    {
        // No other node.
    }

    public void Subscribe(Action<string?> listener)
    {
        // No other node.
    }
}
