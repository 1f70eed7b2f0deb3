using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>
/// Notices that connections lead to a server that takes no writes (SQLSTATE 25006): after a failover the old primary may be such a server.
/// All connections of the pool are thrown away then, and the next request connects anew, to the server that the settings lead to now.
/// </summary>
internal sealed partial class ReadOnlyServer(NpgsqlDataSource source, ILogger<ReadOnlyServer> log) : DbCommandInterceptor
{
    /// <summary>Looks at the failure of a statement.</summary>
    public void Judge(Exception failure)
    {
        if (failure is not PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction })
            return;
        LogReadOnly(log);
        source.Clear();
    }

    /// <inheritdoc />
    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Judge(eventData.Exception);

    /// <inheritdoc />
    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Judge(eventData.Exception);
        return Task.CompletedTask;
    }

    [LoggerMessage(1602, LogLevel.Warning,
        "The database server takes no writes (SQLSTATE 25006), perhaps after a failover. All connections to it are closed.")]
    private static partial void LogReadOnly(ILogger log);
}
