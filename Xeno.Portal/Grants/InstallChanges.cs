using Xeno.Portal.Data.Nodes;

namespace Xeno.Portal.Grants;

/// <summary>Notifies open pages that the installed apps of an account have changed: a token was issued or ended.</summary>
public sealed class InstallChanges(INodeNotices nodes) : AccountNotices(nodes, "installs");
