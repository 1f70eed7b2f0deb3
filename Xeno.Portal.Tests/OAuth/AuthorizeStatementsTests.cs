using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xeno.Portal.Data.Sqlite;
using Xeno.Portal.Data.Statements;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>How often a remembered pass asks the database: once for the app, once for session, account and held scopes together.</summary>
[Trait("Category", "Fast")]
public sealed class AuthorizeStatementsTests
{
    [Fact]
    public async Task A_remembered_pass_reads_twice_and_commits_once_however_old_its_cookie_is()
    {
        var counts = new List<string>();
        await using var portal = new PortalFactory { Register = services => Count(services, counts) };
        var (rp, browser) = await portal.AppAndBrowserAsync();
        await rp.InstallAsync(browser);
        await browser.GetAsync(rp.AuthorizeUrl());
        portal.Time.Advance(TimeSpan.FromMinutes(2)); // Less than the rounds of the background services.
        counts.Clear();

        var passed = await browser.GetAsync(rp.AuthorizeUrl());

        Assert.True(passed.RedirectQuery().ContainsKey("code"));
        Assert.Equal(["read", "read", "commit"], counts);
    }

    private static void Count(IServiceCollection services, List<string> counts)
    {
        var statements = services.Single(service => service.ServiceType == typeof(IStatements));
        services.Replace(ServiceDescriptor.Singleton<IStatements>(provider
            => new Counting((IStatements)statements.ImplementationFactory!(provider), counts)));
        services.ConfigureDbContext<SqlitePortalDbContext>(options => options.AddInterceptors(new ByEntityFramework(counts)));
    }

    private sealed class Counting(IStatements inner, List<string> counts) : IStatements
    {
        public ValueTask<T?> FindAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values)
            where T : class
        {
            counts.Add("read");
            return inner.FindAsync(statement, read, values);
        }

        public ValueTask<IReadOnlyList<T>> ListAsync<T>(
            Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values) where T : class
        {
            counts.Add("read");
            return inner.ListAsync(statement, read, values);
        }

        public Task<T> CommitAsync<T>(Func<IStatementTransaction, ValueTask<T>> work)
        {
            counts.Add("commit");
            return inner.CommitAsync(work);
        }

        public IDisposable ExpectCommit() => inner.ExpectCommit();
    }

    private sealed class ByEntityFramework(List<string> counts) : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            counts.Add(command.CommandText);
            return ValueTask.FromResult(result);
        }
    }
}
