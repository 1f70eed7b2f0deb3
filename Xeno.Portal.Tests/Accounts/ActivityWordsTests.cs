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
        Assert.Single(ActivityWords.Kinds, row => row.Kind == kind);
    }

    [Fact]
    public void Labels_are_words()
        => Assert.Equal("Session started", ActivityWords.Kinds.Single(row => row.Kind == "session.started").Label);

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
