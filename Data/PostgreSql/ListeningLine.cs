using Npgsql;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>Opens the one connection on which a node hears the notices of the others (<see cref="PostgreSqlNotices"/>).</summary>
/// <param name="source">Where it leads to.</param>
/// <param name="canHear">Whether it can lead straight to the server, which alone keeps a connection listening.</param>
internal sealed class ListeningLine(NpgsqlDataSource source, bool canHear) : IAsyncDisposable
{
    private readonly bool _isOwn;

    private ListeningLine(NpgsqlDataSource own) : this(own, canHear: true) => _isOwn = true;

    /// <summary>False: it is known to end at a transaction pooler, so a node would wait for notices that never arrive.</summary>
    public bool CanHear { get; } = canHear;

    public static ListeningLine Of(DatabaseOptions settings, NpgsqlDataSource portal)
    {
        if (string.IsNullOrWhiteSpace(settings.ListenConnectionString))
            return new ListeningLine(portal, canHear: !settings.BehindTransactionPooler);

        var own = ConnectionStrings.PostgreSql(settings.ListenConnectionString, "Database:ListenConnectionString");
        own.Pooling = false;
        return new ListeningLine(PostgreSqlServices.Connect(new DatabaseOptions { ConnectionString = own.ConnectionString }));
    }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);

    public ValueTask DisposeAsync() => _isOwn ? source.DisposeAsync() : ValueTask.CompletedTask;
}
