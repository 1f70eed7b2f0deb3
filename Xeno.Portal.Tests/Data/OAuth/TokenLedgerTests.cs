using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Data.OAuth;

/// <summary>What <see cref="TokenLedger"/> promises about its writes.</summary>
public abstract class TokenLedgerTests(PortalFactory portal)
{
    private TokenLedger Ledger => portal.Services.GetRequiredService<TokenLedger>();

    [Fact]
    public async Task The_last_use_never_moves_back()
    {
        var (_, token) = await portal.InstallAsync(await portal.AccountAsync());
        var id = await portal.AskDatabaseAsync(database => database.Tokens
            .Where(row => row.ReferenceId == TokenHash.Of(token)).Select(row => row.Id!).SingleAsync());
        var used = portal.Time.GetUtcNow();

        // Two nodes write the uses that they collected; the earlier use is written last.
        await Ledger.NoteUseAsync([(id, used)]);
        await Ledger.NoteUseAsync([(id, used.AddSeconds(-3))]);
        Assert.Equal(used, await LastUsedAsync());

        await Ledger.NoteUseAsync([(id, used.AddSeconds(3))]);
        Assert.Equal(used.AddSeconds(3), await LastUsedAsync());

        Task<DateTimeOffset?> LastUsedAsync() => portal.AskDatabaseAsync(database => database.Tokens
            .Where(row => row.Id == id).Select(row => row.LastUsedAt).SingleAsync());
    }
}

[Trait("Category", "Fast")]
public sealed class TokenLedgerOnSqlite(PortalFactory portal) : TokenLedgerTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class TokenLedgerOnPostgreSql(PostgreSqlPortal portal) : TokenLedgerTests(portal), IClassFixture<PostgreSqlPortal>;
