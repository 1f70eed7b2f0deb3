namespace Xeno.Portal.Data;

/// <summary>
/// Rows that must be there before the first request. Runs at every start, right after the migrations, in the order of registration;
/// must do nothing when its rows are there.
/// </summary>
public interface IDatabaseSeed
{
    Task SeedAsync(CancellationToken cancellationToken);
}
