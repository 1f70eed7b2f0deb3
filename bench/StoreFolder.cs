namespace Xeno.Portal.Bench;

/// <summary>The folder of a subject's store. It is deleted with all files at the end.</summary>
internal sealed class StoreFolder : IDisposable
{
    private StoreFolder()
    {
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("xeno-bench-").FullName;

    /// <summary>Has the subject make a new store.</summary>
    public static async Task<StoreFolder> MakeAsync(Subject subject)
    {
        var store = new StoreFolder();
        try
        {
            await subject.MakeStoreAsync(store.Path);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
