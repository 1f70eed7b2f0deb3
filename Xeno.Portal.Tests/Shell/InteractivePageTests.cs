using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xeno.Portal.Data;
using Xeno.Portal.Shell;
using Xeno.Portal.Shell.Components;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Shell;

/// <summary>What every interactive page does when an act or a load fails.</summary>
[Trait("Category", "Fast")]
public sealed class InteractivePageTests : MudContext
{
    private const string NotNow = "That could not be done now. Try again.";

    private readonly CapturedLog _log = new();

    public InteractivePageTests()
    {
        Services.AddSingleton(LoggerFactory.Create(logging => logging.AddProvider(_log)));
        Services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        this.AddAuthorization().SetAuthorized("somebody").SetClaims(
            new Claim(ClaimTypes.NameIdentifier, "account-1"), new Claim("sid", "session-1"));
    }

    public static TheoryData<Exception> Away =>
    [
        new DatabaseBusyException(),
        new TimeoutException(),
        new SqliteException("database is locked", 5),
        new NpgsqlException("unreachable", new IOException()),
        new DbUpdateException("not saved", new SqliteException("disk I/O error", 10)),
        new InvalidOperationException("transient", new NpgsqlException("unreachable", new TimeoutException())),
    ];

    [Theory]
    [MemberData(nameof(Away))]
    public void An_unavailable_database_is_shown_in_words_and_logged_as_a_warning_with_the_same_reference(Exception away)
    {
        var page = RenderPage();
        page.Instance.Act = () => Task.FromException(away);

        page.Find("#act").Click();

        Assert.Contains(NotNow, page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        ShouldBeLogged("Warning", page.Find("[role=alert] code").TextContent);
    }

    [Fact]
    public void Any_other_failure_is_logged_as_an_error()
    {
        var page = RenderPage();
        page.Instance.Act = () => throw new InvalidOperationException("a mistake");

        page.Find("#act").Click();

        Assert.Contains("Something failed on our side", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("a mistake", page.Markup, StringComparison.Ordinal);
        ShouldBeLogged("Error", page.Find("[role=alert] code").TextContent);
    }

    [Fact]
    public void After_a_failure_the_same_button_works_and_the_message_is_gone()
    {
        var page = RenderPage();
        page.Instance.Act = () => throw new DatabaseBusyException();
        page.Find("#act").Click();
        page.Instance.Act = () => Task.CompletedTask;

        page.Find("#act").Click();

        Assert.Empty(page.FindAll("[role=alert]"));
        Assert.False(page.Instance.IsBusy);
    }

    [Fact]
    public async Task A_second_act_is_ignored_while_one_runs()
    {
        var (acts, end) = (0, new TaskCompletionSource());
        var page = RenderPage();
        page.Instance.Act = () =>
        {
            acts++;
            return end.Task;
        };

        var first = page.Find("#act").ClickAsync(new());
        await page.Find("#act").ClickAsync(new());
        Assert.Equal((1, true), (acts, page.Instance.IsBusy));

        end.SetResult();
        await first;
        await page.Find("#act").ClickAsync(new());
        Assert.Equal((2, false), (acts, page.Instance.IsBusy));
    }

    [Fact]
    public void A_load_that_fails_offers_to_try_again()
    {
        Func<Task> load = () => throw new DatabaseBusyException();
        var page = Render<TestPage>(p => p.Add(t => t.Load, () => load()));
        Assert.Contains(NotNow, page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("#act"));

        load = () => Task.CompletedTask;
        page.Find("[role=alert] button").Click();

        Assert.Empty(page.FindAll("[role=alert]"));
        Assert.NotNull(page.Find("#act"));
    }

    [Fact]
    public async Task A_change_from_outside_during_an_act_is_loaded_after_the_act()
    {
        var (loads, end) = (0, new TaskCompletionSource());
        var page = Render<TestPage>(p => p.Add(t => t.Load, () =>
        {
            loads++;
            return Task.CompletedTask;
        }));
        page.Instance.Act = () => end.Task;
        var act = page.Find("#act").ClickAsync(new());

        await page.Instance.ChangeFromOutsideAsync();
        Assert.Equal(1, loads);
        end.SetResult();
        await act;
        Assert.Equal(2, loads);
    }

    [Fact]
    public async Task A_live_change_that_cannot_be_read_is_reported_and_the_shown_data_stays()
    {
        Func<Task> load = () => Task.CompletedTask;
        var page = Render<TestPage>(p => p.Add(t => t.Load, () => load()));
        load = () => throw new DatabaseBusyException();

        await page.Instance.ChangeFromOutsideAsync();

        Assert.Contains(NotNow, page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.Find("#act"));
    }

    [Fact]
    public void A_page_that_cannot_be_drawn_says_so_and_has_a_button_to_try_again()
    {
        var isBroken = true;
        var boundary = Boundary(() => isBroken);
        Assert.Contains("This page cannot be shown", boundary.Markup, StringComparison.Ordinal);
        ShouldBeLogged("Error", boundary.Find("[role=alert] code").TextContent);

        isBroken = false;
        boundary.Find("button").Click();

        Assert.Equal("drawn", boundary.Markup);
    }

    [Fact]
    public void The_next_page_is_shown_at_once()
    {
        var isBroken = true;
        var boundary = Boundary(() => isBroken);

        isBroken = false;
        Services.GetRequiredService<NavigationManager>().NavigateTo("/elsewhere");

        boundary.WaitForAssertion(() => Assert.Equal("drawn", boundary.Markup));
    }

    private IRenderedComponent<TestPage> RenderPage() => Render<TestPage>();

    private IRenderedComponent<PageErrorBoundary> Boundary(Func<bool> isBroken)
        => Render<PageErrorBoundary>(p => p.AddChildContent(builder =>
    {
        builder.OpenComponent<Breakable>(0);
        builder.AddComponentParameter(1, nameof(Breakable.IsBroken), isBroken);
        builder.CloseComponent();
    }));

    private void ShouldBeLogged(string level, string reference)
    {
        Assert.Matches("^[0-9a-f]{8}$", reference);
        Assert.Contains(_log.Text.Split('\n'),
            line => line.StartsWith(level, StringComparison.Ordinal) && line.Contains(reference, StringComparison.Ordinal));
    }

    /// <summary>A page with one button.</summary>
    private sealed class TestPage : InteractivePage
    {
        [Parameter] public Func<Task> Load { get; set; } = () => Task.CompletedTask;

        public Func<Task> Act { get; set; } = () => Task.CompletedTask;

        public Task ChangeFromOutsideAsync() => RefreshAsync();

        protected override Task LoadAsync() => Load();

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<PageContent>(0);
            builder.AddComponentParameter(1, nameof(PageContent.Page), this);
            builder.AddComponentParameter(2, nameof(PageContent.ChildContent), (RenderFragment)(content =>
            {
                content.OpenElement(0, "button");
                content.AddAttribute(1, "id", "act");
                content.AddAttribute(2, "onclick", EventCallback.Factory.Create(this, () => ActAsync(Act)));
                content.CloseElement();
            }));
            builder.CloseComponent();
        }
    }

    private sealed class Breakable : ComponentBase
    {
        [Parameter] public Func<bool> IsBroken { get; set; } = () => false;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            if (IsBroken())
                throw new InvalidOperationException("cannot be drawn");
            builder.AddContent(0, "drawn");
        }
    }
}
