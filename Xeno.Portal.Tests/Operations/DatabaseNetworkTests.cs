using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xeno.Portal.Grants;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Operations;

/// <summary>What is between the portal and PostgreSQL: a firewall, a pooler, a server that changes its part.</summary>
[Trait("Category", "Operations")]
public sealed class DatabaseNetworkTests(PostgreSqlPortal portal) : IClassFixture<PostgreSqlPortal>
{
    private string Database => portal.Settings["Database:ConnectionString"]!;

    [Fact]
    public async Task Each_setting_of_a_connection_is_in_force_at_the_server_unless_the_connection_string_has_another()
    {
        Assert.Equal(("Xeno.Portal", 5, 10, true), await SettingsAsync(""));
        Assert.Equal(
            ("mine", 7, 8, false), await SettingsAsync(";Application Name=mine;Timeout=7;Command Timeout=8;Max Auto Prepare=0"));
        Assert.Equal(
            ("Xeno.Portal", 5, 10, false), await SettingsAsync(";Max Auto Prepare=50", ("Database:BehindTransactionPooler", "true")));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_503_before_a_person_gives_up()
    {
        await using var firewall = Firewall.Before(new NpgsqlConnectionStringBuilder(Database).Port);
        await using var node = Node(Through(firewall.Port));
        var rp = new RelyingParty(node, await node.AppAsync(await node.AccountAsync(), GivenApps.Callback));
        var token = await rp.InstallAsync(await node.BrowserOfAsync(await node.AccountAsync()));

        firewall.DropAll();

        // An open connection that is dead, then a new one that nobody answers.
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var call = await rp.CallAsync(token).WaitAsync(TimeSpan.FromSeconds(25), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, call.Status);
        }
    }

    [Fact]
    public async Task A_listening_line_that_died_silently_is_opened_again_and_open_pages_catch_up()
    {
        await using var firewall = Firewall.Before(new NpgsqlConnectionStringBuilder(Database).Port);
        await using var node = Node(Through(firewall.Port));
        var (here, there) = (portal.Services.GetRequiredService<InstallChanges>(), node.Services.GetRequiredService<InstallChanges>());
        await here.UntilNotifiedAsync(there);
        var caughtUp = new TaskCompletionSource();
        using var page = there.Subscribe("any account", () => caughtUp.TrySetResult());

        firewall.DropOpenConnections();

        await caughtUp.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await here.UntilNotifiedAsync(there);
        Assert.Contains("The connection for notices between nodes is dead", node.Log.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await node.Browser().GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task A_notice_whose_connection_broke_is_sent_again()
    {
        await using var node = Node(Database);
        var (here, there) = (portal.Services.GetRequiredService<InstallChanges>(), node.Services.GetRequiredService<InstallChanges>());
        await here.UntilNotifiedAsync(there);

        // The pools alone: the lines on which the nodes listen stay open.
        await PostgreSqlCluster.ExecuteAsync(Database,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query NOT LIKE 'LISTEN%' "
            + "AND pid <> pg_backend_pid()");

        await here.UntilNotifiedAsync(there).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_server_that_became_read_only_is_503_and_not_ready_until_it_takes_writes_again()
    {
        await using var node = await portal.AnotherAsync();
        var database = node.Settings["Database:ConnectionString"]!;
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        var rp = new RelyingParty(node, await node.AppAsync(await node.AccountAsync(), GivenApps.Callback));
        var browser = await node.BrowserOfAsync(await node.AccountAsync());
        var (code, later) = (await rp.CodeAsync(browser), await rp.CodeAsync(browser, ("prompt", "consent")));

        await PostgreSqlCluster.ExecuteAsync(database, $"ALTER DATABASE {name} SET default_transaction_read_only = on");
        await PostgreSqlCluster.ExecuteAsync(database,
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()");

        foreach (var _ in Enumerable.Range(0, 3))
        {
            var refused = await rp.ExchangeAsync(code);
            refused.ShouldBeError(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
            Assert.NotNull(refused.Response.Headers.RetryAfter);
            var page = await browser.PostAsync("/oauth/authorize", new FormUrlEncodedContent([]));
            Assert.InRange((int)page.StatusCode, 400, 503);
            Assert.NotEqual(HttpStatusCode.InternalServerError, page.StatusCode);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await node.Browser().GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await node.Browser().GetAsync("/health/live")).StatusCode);

        // The connections that were opened meanwhile stay read-only for ever, at the server's side.
        await PostgreSqlCluster.ExecuteAsync(
            database.Replace("Host=", "Options=-c default_transaction_read_only=off;Host=", StringComparison.Ordinal),
            $"ALTER DATABASE {name} RESET default_transaction_read_only");
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(later)).Status);
        Assert.Equal(HttpStatusCode.OK, (await node.Browser().GetAsync("/health/ready")).StatusCode);
        Assert.DoesNotContain("unhandled", node.Log.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Two_nodes_behind_a_transaction_pooler_lose_no_request_and_hear_each_other()
    {
        await using var pooler = await PgBouncer.BeforeAsync(Database);
        (string, string)[] settings = [("Database:BehindTransactionPooler", "true"), ("Database:ListenConnectionString", Database)];
        await using var first = Node(pooler.ConnectionString, settings);
        await using var second = Node(pooler.ConnectionString, settings);
        var account = await first.AccountAsync();
        var app = await first.AppAsync(account, GivenApps.Callback);
        PortalFactory[] nodes = [first, second];
        var browsers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(async i => await nodes[i % 2].BrowserOfAsync(await first.AccountAsync())));

        await Task.WhenAll(browsers.Select(async (browser, i) =>
        {
            var (here, there) = (new RelyingParty(nodes[i % 2], app), new RelyingParty(nodes[(i + 1) % 2], app));
            foreach (var _ in Enumerable.Range(0, 10))
            {
                var exchange = await there.ExchangeAsync(await here.CodeAsync(browser, ("prompt", "consent")));
                Assert.Equal(HttpStatusCode.OK, exchange.Status);
                Assert.Equal(HttpStatusCode.OK, (await here.CallAsync(exchange["access_token"]!)).Status);
                Assert.Equal(HttpStatusCode.OK, (await there.RevokeAsync(exchange["access_token"]!)).Status);
                Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);
            }
        }));

        await first.Services.GetRequiredService<InstallChanges>()
            .UntilNotifiedAsync(second.Services.GetRequiredService<InstallChanges>());
        Assert.All(nodes, node => Assert.DoesNotContain("BehindTransactionPooler", node.Log.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Behind_a_transaction_pooler_without_the_setting_a_node_says_what_to_set()
    {
        await using var pooler = await PgBouncer.BeforeAsync(Database);
        await using var node = Node(pooler.ConnectionString);
        await using var half = Node(pooler.ConnectionString, ("Database:BehindTransactionPooler", "true"));
        _ = (node.Services, half.Services);

        await node.Log.UntilAsync("Behind a transaction pooler such as PgBouncer set Database:BehindTransactionPooler=true, and ");
        await half.Log.UntilAsync("Database:BehindTransactionPooler is set without Database:ListenConnectionString");
    }

    private static PortalFactory Node(string database, params (string Key, string Value)[] settings)
    {
        var node = new PortalFactory
        {
            Settings = { ["Database:Provider"] = "PostgreSql", ["Database:ConnectionString"] = database },
        };
        foreach (var (key, value) in settings)
            node.Settings[key] = value;
        return node;
    }

    private string Through(int port) => new NpgsqlConnectionStringBuilder(Database) { Port = port }.ConnectionString;

    private async Task<(string Name, int Connect, int Command, bool Prepares)> SettingsAsync(
        string more, params (string Key, string Value)[] settings)
    {
        await using var node = Node(Database + more, settings);
        await using var connection = await node.Services.GetRequiredService<NpgsqlDataSource>()
            .OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var question = connection.CreateCommand();
        for (var i = 0; i < 3; i++)
        {
            question.CommandText = "SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()";
            await question.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }

        var name = (string)(await question.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        question.CommandText = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT application_name%'";
        var prepared = (long)(await question.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        return (name, connection.ConnectionTimeout, question.CommandTimeout, prepared > 0);
    }
}
