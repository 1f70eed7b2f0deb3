namespace Xeno.Portal.Limits;

/// <summary>Lets one caller at a time through for each key, on this node, first come, first served.</summary>
public sealed class KeyedLock
{
    private readonly Dictionary<string, Door> _doors = new(StringComparer.Ordinal);

    /// <summary>Waits until no other caller is inside with the same key. Inside until the result is disposed.</summary>
    public async Task<IDisposable> EnterAsync(string key)
    {
        Door? door;
        lock (_doors)
        {
            if (!_doors.TryGetValue(key, out door))
                _doors[key] = door = new Door();
            door.Callers++;
        }

        await door.Semaphore.WaitAsync();
        return new Inside(this, key, door);
    }

    /// <summary>How many keys are kept: those with a caller inside or waiting.</summary>
    internal int Count
    {
        get
        {
            lock (_doors)
                return _doors.Count;
        }
    }

    private void Leave(string key, Door door)
    {
        door.Semaphore.Release();
        lock (_doors)
            if (--door.Callers is 0)
                _doors.Remove(key);
    }

    private sealed class Door
    {
        public SemaphoreSlim Semaphore { get; } = new(1);

        public int Callers { get; set; }
    }

    private sealed class Inside(KeyedLock locks, string key, Door door) : IDisposable
    {
        public void Dispose() => locks.Leave(key, door);
    }
}
