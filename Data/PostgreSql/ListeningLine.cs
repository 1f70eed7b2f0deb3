using Npgsql;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>Opens the one connection on which a node hears the notices of the others (<see cref="PostgreSqlNotices"/>).</summary>
internal sealed class ListeningLine : IAsyncDisposable
{
    /// <summary>The channel of the notices.</summary>
    public const string Channel = "xeno_portal";

    /// <summary>How the statements begin by which nodes listen. Others see them in <c>pg_stat_activity</c> as long as they do.</summary>
    public const string Listening = $"LISTEN {Channel} /*";

    private readonly NpgsqlDataSource _source;

    private ListeningLine(NpgsqlDataSource source, bool isOwn, bool isBehindPooler)
        => (_source, IsOwn, IsBehindPooler) = (source, isOwn, isBehindPooler);

    /// <summary>Whether it has a connection string of its own, and so is not one of the portal's pool.</summary>
    public bool IsOwn { get; }

    /// <summary>Whether the portal's pool is known to end at a transaction pooler.</summary>
    public bool IsBehindPooler { get; }

    /// <summary>The name of this node in its notices, made anew at each start.</summary>
    public string Node { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The statement by which this node listens.</summary>
    public string Listen => $"{Listening} {Node} */";

    /// <summary>False: it is known to end at a transaction pooler, so a node would wait for notices that never arrive.</summary>
    public bool CanHear => IsOwn || !IsBehindPooler;

    /// <summary>The line of <c>Database:ListenConnectionString</c>, or where that is not set, one of the portal's pool.</summary>
    public static ListeningLine Of(DatabaseOptions settings, NpgsqlDataSource portal)
    {
        if (string.IsNullOrWhiteSpace(settings.ListenConnectionString))
            return new ListeningLine(portal, isOwn: false, settings.BehindTransactionPooler);

        const string setting = "Database:ListenConnectionString";
        var connection = ConnectionStrings.PostgreSql(settings.ListenConnectionString, setting);
        connection.Pooling = false;
        return new ListeningLine(PostgreSqlServices.Connect(connection, setting), isOwn: true, settings.BehindTransactionPooler);
    }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(cancellationToken);

    public ValueTask DisposeAsync() => IsOwn ? _source.DisposeAsync() : ValueTask.CompletedTask;
}
