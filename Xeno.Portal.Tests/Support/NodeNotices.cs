using Xeno.Portal.Grants;

namespace Xeno.Portal.Tests.Support;

/// <summary>Notices that one node sends and another hears.</summary>
internal static class NodeNotices
{
    /// <summary>Sends a notice of its own, and waits until the other node has it, or has begun to listen since.</summary>
    public static async Task UntilNotifiedAsync(this InstallChanges from, InstallChanges by)
    {
        var notified = new TaskCompletionSource();
        var about = Guid.NewGuid().ToString();
        using var subscription = by.Subscribe(about, () => notified.TrySetResult());
        from.Publish(about);
        await notified.Task.WaitAsync(TestContext.Current.CancellationToken);
    }
}
