using System.Diagnostics.Metrics;
using Xeno.Portal.Data.Mail;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Mail;

/// <summary>What became of a try to send a mail; the label <c>outcome</c> of the metric <c>mails</c>.</summary>
internal enum MailOutcome
{
    Sent,
    Failed,
    GivenUp,
    Dropped,
}

/// <summary>Counts mails.</summary>
internal static class MailMetrics
{
    private static readonly Counter<long> s_mails = PortalMeter.Counter(
        "mails", "Mails by class and by what became of them: sent, a try failed, given up, dropped by the limit.");
    private static readonly UpDownCounter<long> s_waiting = PortalMeter.Gauge("mails.waiting", "Mails that are to be sent, on all nodes.");

    public static void Count(MailClass mailClass, MailOutcome outcome, int mails = 1) => s_mails.Add(
        mails, PortalMeter.Label("class", mailClass.ToString().ToLowerInvariant()), PortalMeter.Label("outcome", outcome switch
        {
            MailOutcome.Sent => "sent",
            MailOutcome.Failed => "failed",
            MailOutcome.GivenUp => "given_up",
            _ => "dropped",
        }));

    /// <summary>The number of waiting mails has changed by that much since this node counted them last.</summary>
    public static void WaitingChanged(int difference) => s_waiting.Add(difference);

    public static void AddZero()
    {
        s_waiting.Add(0);
        foreach (var mailClass in Enum.GetValues<MailClass>())
            foreach (var outcome in Enum.GetValues<MailOutcome>())
                Count(mailClass, outcome, mails: 0);
    }
}
