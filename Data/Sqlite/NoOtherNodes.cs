using Xeno.Portal.Data.Nodes;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>SQLite serves one process: there is nobody to tell.</summary>
internal sealed class NoOtherNodes : INodeNotices
{
    public void Tell(string about)
    {
        // To nobody.
    }

    public void Listen(Action<string?> listener)
    {
        // Nothing will come.
    }
}
