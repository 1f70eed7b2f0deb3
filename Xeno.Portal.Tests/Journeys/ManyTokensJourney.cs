using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Data.Sqlite;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>An account with very many tokens of one app opens its list: only what is shown is read, drawn and sent.</summary>
[Trait("Category", "Browser")]
public sealed class ManyTokensJourney : BrowserTest
{
    private const int Tokens = 200;

    private readonly RowsRead _rows;

    private int _bytesOfFrames;

    public ManyTokensJourney(Chromium chromium) : this(chromium, new RowsRead())
    {
    }

    private ManyTokensJourney(Chromium chromium, RowsRead rows) : base(chromium, new PortalServer(portal => portal.Register =
        services => services.ConfigureDbContext<SqlitePortalDbContext>(options => options.AddInterceptors(rows)))) => _rows = rows;

    [Fact]
    public async Task Of_200_tokens_five_are_read_and_drawn_and_fifty_more_when_asked_for()
    {
        await using var maker = Portal.Beside();
        var account = await maker.AccountAsync();
        var (rp, _) = await maker.InstallAsync(account);
        await AddTokensAsync(account, Tokens - 1);
        await SignInAsync(account);
        Page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame)
            => Interlocked.Add(ref _bytesOfFrames, frame.Binary?.Length ?? frame.Text?.Length ?? 0);
        _rows.Count = 0;

        var html = await (await Page.GotoAsync("/installed"))!.BodyAsync();
        var region = Page.GetByRole(AriaRole.Region, new() { Name = rp.App.Name, Exact = true });
        var revoke = region.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true });
        await Expect(region.GetByRole(AriaRole.Heading, new() { Name = "200 tokens", Exact = true })).ToBeVisibleAsync();
        await Expect(revoke).ToHaveCountAsync(5);
        Assert.InRange(_rows.Count, 7, 40); // The app, its scopes, five tokens; twice when the page is drawn before its circuit starts.
        Assert.InRange(html.Length + Volatile.Read(ref _bytesOfFrames), 10_000, 60_000);

        _rows.Count = 0;
        await region.GetByRole(AriaRole.Button, new() { Name = "Show 50 older", Exact = true }).ClickAsync();
        await Expect(revoke).ToHaveCountAsync(55);
        Assert.InRange(_rows.Count, 57, 80);
    }

    /// <summary>Adds tokens like the one that the account has.</summary>
    private Task<int> AddTokensAsync(GivenAccount account, int count) => Portal.AskDatabaseAsync(async database =>
    {
        var token = await database.Tokens.AsNoTracking().Include(token => token.Authorization)
            .SingleAsync(token => token.Subject == account.Id && token.Status == TokenStatuses.Valid);
        for (var i = 0; i < count; i++)
        {
            var grant = new AuthorizationGrant
            {
                ApplicationId = token.ApplicationId, Subject = account.Id, Status = token.Authorization!.Status,
                Type = token.Authorization.Type, CreationDate = token.CreationDate,
            };
            database.Add(grant);
            database.Add(new IssuedToken
            {
                ApplicationId = token.ApplicationId, AuthorizationId = grant.Id!, Subject = account.Id, Status = token.Status,
                Type = token.Type, CreationDate = token.CreationDate, Scopes = token.Scopes, ReferenceId = TokenHash.Of($"{i}"),
            });
        }

        return await database.SaveChangesAsync();
    });

    /// <summary>Counts the rows that queries of EF Core read.</summary>
    private sealed class RowsRead : DbCommandInterceptor
    {
        private int _count;

        public int Count
        {
            get => Volatile.Read(ref _count);
            set => Volatile.Write(ref _count, value);
        }

        public override InterceptionResult DataReaderDisposing(
            DbCommand command, DataReaderDisposingEventData eventData, InterceptionResult result)
        {
            Interlocked.Add(ref _count, eventData.ReadCount);
            return result;
        }
    }
}
