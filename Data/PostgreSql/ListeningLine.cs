using Npgsql;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>Opens the one connection on which a node hears the notices of the others (<see cref="PostgreSqlNotices"/>).</summary>
internal sealed class ListeningLine : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly bool _isOwn;

    private ListeningLine(NpgsqlDataSource source, bool isOwn, bool canHear)
        => (_source, _isOwn, CanHear) = (source, isOwn, canHear);

    /// <summary>False: it is known to end at a transaction pooler, so a node would wait for notices that never arrive.</summary>
    public bool CanHear { get; }

    /// <summary>The line of <c>Database:ListenConnectionString</c>, or where that is not set, one of the portal's pool.</summary>
    public static ListeningLine Of(DatabaseOptions settings, NpgsqlDataSource portal)
    {
        if (string.IsNullOrWhiteSpace(settings.ListenConnectionString))
            return new ListeningLine(portal, isOwn: false, canHear: !settings.BehindTransactionPooler);

        const string setting = "Database:ListenConnectionString";
        var connection = ConnectionStrings.PostgreSql(settings.ListenConnectionString, setting);
        connection.Pooling = false;
        return new ListeningLine(PostgreSqlServices.Connect(connection, setting), isOwn: true, canHear: true);
    }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(cancellationToken);

    public ValueTask DisposeAsync() => _isOwn ? _source.DisposeAsync() : ValueTask.CompletedTask;
}
