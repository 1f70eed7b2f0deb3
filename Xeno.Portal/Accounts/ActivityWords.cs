using Xeno.Portal.Data.History;
using Xeno.Portal.History;
using Xeno.Portal.Text;

namespace Xeno.Portal.Accounts;

/// <summary>The history in the words of the account's owner.</summary>
internal static class ActivityWords
{
    /// <summary>All kinds, with a short label for the list to choose from: "Session started".</summary>
    public static IReadOnlyList<(string Kind, string Label)> Kinds { get; } =
        [.. HistoryKinds.All.Select(kind => (kind.Name, LabelOf(kind.Name))).OrderBy(kind => kind.Item2, StringComparer.Ordinal)];

    /// <summary>What happened, in one short sentence. The app's name is marked (<see cref="Isolation"/>).</summary>
    public static string Of(HistoryItem item)
    {
        var app = item.AppName?.Isolated() ?? "an app";
        return item.Kind switch
        {
            "app.allowed" when item.Reason is not null => $"{app} was let through, because it is installed",
            "app.allowed" => $"You allowed {app}",
            "app.installed" => $"{app} was installed",
            "app.uninstalled" => $"{app} was uninstalled",
            "token.issued" => $"{app} got an access token",
            "token.revoked" => $"An access token of {app} was revoked",
            "token.replayed" => $"An access token of {app} was revoked, because its code was used twice and may have been stolen",
            "tokens.revoked" => $"All access tokens of {app} were revoked, on every account",
            "app.registered" => $"{app} was registered",
            "app.edited" => $"The settings of {app} were changed",
            "app.deleted" => $"{app} was deleted",
            "app.suspended" => $"{app} was suspended",
            "app.resumed" => $"The suspension of {app} was ended",
            "secret.revealed" => $"The Client Secret of {app} was shown in full",
            "secret.rotated" => $"{app} got a new Client Secret",
            "secret.removed" => $"The old Client Secret of {app} was removed",
            "account.created" => "Your account was created",
            "account.edited" => "Your profile was changed",
            "password.changed" => "Your password was changed, which ended all other sessions",
            "account.locked" => "Too many wrong passwords locked your account for a while",
            "account.unlocked" => "Your account was unlocked",
            "account.suspended" => "Your account was suspended",
            "account.resumed" => "The suspension of your account was ended",
            "session.started" => "You signed in",
            "session.ended" => "A session ended",
            _ => item.Sentence,
        };
    }

    /// <summary>Who did it; null where the sentence says so.</summary>
    public static string? ActorOf(HistoryItem item) => item.Actor switch
    {
        HistoryActor.App => "by the app",
        HistoryActor.Operator => "by an operator of the portal",
        HistoryActor.Portal => "by the portal",
        _ => item.ActorId is null ? null : $"by {(item.ActorName ?? "another account").Isolated()}",
    };

    private static string LabelOf(string kind) => char.ToUpperInvariant(kind[0]) + kind[1..].Replace('.', ' ');
}
