using Xeno.Portal.Data.Nodes;

namespace Xeno.Portal.Sessions;

/// <summary>Notifies open pages that a session of an account started or ended, so that each looks whether its own is still live.</summary>
public sealed class SessionChanges(INodeNotices nodes) : AccountNotices(nodes, "sessions");
