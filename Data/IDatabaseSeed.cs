namespace Xeno.Portal.Data;

/// <summary>
/// Adds rows that must exist before the first request. Runs at every start, right after the migrations, in the order of registration.
/// It must do nothing when its rows exist.
/// </summary>
public interface IDatabaseSeed
{
    Task SeedAsync(CancellationToken cancellationToken);
}
