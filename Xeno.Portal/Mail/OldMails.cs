using Xeno.Portal.Data.Mail;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Mail;

/// <summary>
/// Rows of mails that were sent an hour ago, which no longer count for their address, and of mails that were given up a week ago.
/// </summary>
internal sealed class OldMails(Outbox outbox, TimeProvider time) : IPrunableRows
{
    public string Kind => "mails";

    public Task<int> RemoveAsync(int most) => outbox.RemoveOldAsync(time.GetUtcNow(), most);
}
