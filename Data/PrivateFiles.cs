namespace Xeno.Portal.Data;

/// <summary>
/// Files and folders that only the user who runs the portal may open: files have the mode 0600, folders 0700, whatever the umask. Windows
/// has no modes; there they get the rights of the folder that they are in.
/// </summary>
public static class PrivateFiles
{
    private const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Creates a folder, and those above it that are missing. One that exists is left as it is: the operator made it.</summary>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The same: this user may not write there.</exception>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        // One by one: the framework gives the mode to the last folder only.
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent && !Directory.Exists(parent))
            CreateFolder(parent);
        Directory.CreateDirectory(path, Folder);
    }

    /// <summary>Creates an empty file. An existing one is never opened.</summary>
    /// <exception cref="IOException">It exists, or cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be created: this user may not write there.</exception>
    public static void Create(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnersAlone;
        new FileStream(file, options).Dispose();
    }

    /// <summary>Whether this user may write to an existing file. Does not open it: closing it again would end SQLite's locks.</summary>
    public static bool MayWrite(string file) => Environment.IsPrivilegedProcess || !new FileInfo(file).IsReadOnly;

    /// <summary>Tries whether another file can be made in the folder of an existing one.</summary>
    /// <exception cref="IOException">It cannot be made now.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static void TryWriteBeside(string file)
    {
        var other = $"{file}-{Guid.NewGuid():N}";
        Create(other);
        File.Delete(other);
    }

    /// <summary>Takes from an existing file all rights but its owner's. False: nobody else had any.</summary>
    /// <exception cref="IOException">The file is gone, or its file system keeps no modes.</exception>
    /// <exception cref="UnauthorizedAccessException">It is the file of another user.</exception>
    public static bool TakeFromOthers(string file)
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & OfOthers) == 0)
            return false;
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) & ~OfOthers);
        return true;
    }
}
