using Xeno.Portal.Accounts;
using Xeno.Portal.Data.History;
using Xeno.Portal.History;

namespace Xeno.Portal.Tests.Accounts;

/// <summary>The history in the words of the account's owner.</summary>
[Trait("Category", "Fast")]
public sealed class ActivityWordsTests
{
    public static TheoryData<string> Kinds => [.. HistoryKinds.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_has_words_of_its_own_and_a_label(string kind)
    {
        var item = Item(kind);

        Assert.NotEqual(item.Sentence, ActivityWords.Of(item));
        Assert.Single(HistoryKinds.All, other => ActivityWords.Of(Item(other.Name)) == ActivityWords.Of(item));
        Assert.Single(ActivityWords.Kinds, row => row.Kind == kind);
        var isOfAccount = kind.Split('.')[0] is "account" or "password" or "session";
        Assert.NotEqual(isOfAccount, ActivityWords.Of(item).Contains("\u2068App\u2069", StringComparison.Ordinal));
    }

    [Fact]
    public void An_app_that_passed_without_asking_is_told_apart_and_one_without_a_name_is_an_app()
    {
        var passed = Item("app.allowed") with { Reason = "consent was remembered" };
        Assert.Equal("\u2068App\u2069 was let through, because it is installed", ActivityWords.Of(passed));
        Assert.Equal("You allowed an app", ActivityWords.Of(Item("app.allowed") with { AppName = null }));
    }

    [Fact]
    public void A_kind_of_another_version_is_told_by_its_name() => Assert.Equal("future.kind", ActivityWords.Of(Item("future.kind")));

    [Fact]
    public void Labels_are_words_in_the_order_of_the_alphabet()
    {
        Assert.Equal("Session started", ActivityWords.Kinds.Single(row => row.Kind == "session.started").Label);
        var labels = ActivityWords.Kinds.Select(row => row.Label).ToList();
        Assert.Equal(labels.Order(StringComparer.Ordinal), labels);
    }

    [Theory]
    [InlineData(HistoryActor.Account, null, null, null)]
    [InlineData(HistoryActor.Account, "someone", "Zoë", "by \u2068Zoë\u2069")]
    [InlineData(HistoryActor.Account, "someone", null, "by \u2068another account\u2069")]
    [InlineData(HistoryActor.App, null, null, "by the app")]
    [InlineData(HistoryActor.Operator, "operator", "Olga", "by an operator of the portal")]
    [InlineData(HistoryActor.Portal, null, null, "by the portal")]
    public void It_says_who_did_it_but_not_which_operator(HistoryActor actor, string? actorId, string? name, string? words)
        => Assert.Equal(words, ActivityWords.ActorOf(Item("app.edited") with { Actor = actor, ActorId = actorId, ActorName = name }));

    private static HistoryItem Item(string kind)
        => new(1, DateTimeOffset.UnixEpoch, kind, "account", "xa_1", "App", HistoryActor.Account, null, null, null, null, null, null, null);
}
