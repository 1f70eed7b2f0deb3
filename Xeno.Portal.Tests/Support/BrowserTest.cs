using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Xeno.Portal.Tests.Support;

/// <summary>One real Chromium for all journeys, and one portal on a real port.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private PortalServer? _portal;

    public IBrowser Browser { get; private set; } = null!;

    public PortalServer Portal => _portal!;

    /// <summary>Starts Debian's Chromium without a window.</summary>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });

    public async ValueTask InitializeAsync()
    {
        _portal = new PortalServer();
        _playwright = await Playwright.CreateAsync();
        Browser = await LaunchAsync(_playwright);
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright?.Dispose();
        if (_portal is not null)
            await _portal.DisposeAsync();
    }
}

/// <summary>A journey finds elements by role and name only, and fails when the browser's console shows an error.</summary>
/// <param name="own">A portal with other settings than the one of all journeys, disposed with the test; null: that one.</param>
[Collection(nameof(Chromium))]
public abstract class BrowserTest(Chromium chromium, PortalServer? own = null) : IAsyncLifetime
{
    private readonly List<string> _problems = [];

    protected virtual PortalServer Portal => own ?? chromium.Portal;

    protected virtual string Origin => Portal.Origin;

    protected IBrowserContext Context { get; private set; } = null!;

    protected IPage Page { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = Origin });
        Context.SetDefaultTimeout(15_000);
        Context.Console += (_, message) =>
        {
            if (message.Type == "error")
                _problems.Add(message.Text);
        };
        Context.WebError += (_, error) => _problems.Add(error.Error);
        Context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Origin, StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !IsAnApp(request.Url))
                _problems.Add($"A page asked for something of another host: {request.Url}");
        };
        // The test answers requests to the addresses of apps itself.
        await Context.RouteAsync(
            IsAnApp, route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = "<h1>The app</h1>" }));
        Page = await Context.NewPageAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Context.DisposeAsync();
        if (own is not null)
            await own.DisposeAsync();
        Assert.Empty(_problems);
    }

    /// <summary>Accepts an error of the console that the test causes on purpose.</summary>
    protected void Expected(string part) => _problems.RemoveAll(problem => problem.Contains(part, StringComparison.Ordinal));

    protected ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    protected ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true });

    protected ILocator Field(string label) => Page.GetByLabel(label, new PageGetByLabelOptions { Exact = true });

    protected ILocator Dialog => Page.Locator("[role=dialog], [role=alertdialog]");

    /// <summary>Presses the button of that name in the open dialog.</summary>
    protected Task ConfirmAsync(string name)
        => Dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name, Exact = true }).ClickAsync();

    /// <summary>Registers a new account through the page; it is signed in afterwards.</summary>
    protected async Task<string> RegisterAccountAsync(string? returnUrl = null)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        await Page.GotoAsync(returnUrl is null ? "/account/register" : $"/account/register?returnUrl={Uri.EscapeDataString(returnUrl)}");
        await Field("Email").FillAsync(email);
        await Field("Password").FillAsync(Given.Password);
        await Field("Confirm password").FillAsync(Given.Password);
        await Button("Create account").ClickAsync();
        return email;
    }

    /// <summary>Signs <paramref name="account"/> in by the cookie that the portal itself would set; without a time, now.</summary>
    protected async Task SignInAsync(GivenAccount account, DateTimeOffset? at = null)
    {
        var (name, value) = await Portal.SessionCookieAsync(account, at);
        await Context.AddCookiesAsync([new Cookie { Name = name, Value = value, Url = Origin }]);
    }

    /// <summary>Another browser of the account, without a window, for what happens elsewhere. It does not follow to an app.</summary>
    protected async Task<HttpClient> ElsewhereAsync(GivenAccount account)
    {
        var (name, value) = await Portal.SessionCookieAsync(account);
        var handler = new HttpClientHandler { AllowAutoRedirect = false };
        handler.CookieContainer.Add(new Uri(Origin), new System.Net.Cookie(name, value));
        return new HttpClient(handler) { BaseAddress = new Uri(Origin) };
    }

    /// <summary>Asserts that axe finds nothing against WCAG 2.2 AA on the page as it is.</summary>
    protected async Task ShouldBeAccessibleAsync()
    {
        var result = await Page.RunAxe(new Deque.AxeCore.Commons.AxeRunOptions
        {
            RunOnly = new Deque.AxeCore.Commons.RunOnlyOptions
            {
                Type = "tag",
                Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
            },
        });
        Assert.True(result.Violations.Length == 0, $"{Page.Url}\n" + string.Join('\n', result.Violations.Select(v =>
            $"{v.Id}: {v.Help}\n  {string.Join("\n  ", v.Nodes.Select(node => node.Html))}")));
    }

    /// <summary>The same, and that nothing scrolls sideways in a window of that many pixels.</summary>
    protected async Task ShouldFitAsync(int width)
    {
        await ShouldBeAccessibleAsync();
        Assert.True(await Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"{Page.Url} scrolls sideways.");
    }

    private static bool IsAnApp(string url) => url.StartsWith("https://app.example/", StringComparison.Ordinal);
}

[CollectionDefinition(nameof(Chromium))]
public sealed class OneChromiumForAll : ICollectionFixture<Chromium>;
