namespace Portal.Engine.Storage;

/// <summary>How much room a file system has (statvfs(3)).</summary>
/// <param name="Path">A folder on it.</param>
/// <param name="TotalBytes">Its size in bytes.</param>
/// <param name="FreeBytes">Bytes that may still be written, without what is kept for the superuser.</param>
public sealed record DiskRoom(string Path, long TotalBytes, long FreeBytes)
{
    private const double ScarceShare = 0.05;
    private const long ScarceBytes = 1L << 30;
    private const int Mebi = 20;

    /// <summary>True when less than a twentieth is free, and less than a gibibyte.</summary>
    public bool IsScarce => FreeBytes < TotalBytes * ScarceShare && FreeBytes < ScarceBytes;

    /// <summary>What to tell an operator, in sentences; null while there is room enough.</summary>
    public string? Warning => IsScarce
        ? $"The disk of '{Path}' is {(FreeBytes == 0 ? "full" : "nearly full")}: "
            + $"{FreeBytes >> Mebi} MiB of {TotalBytes >> Mebi} MiB are free. "
            + "On a full disk containers' logs lose lines, and nothing can be pulled, built or created. Remove images, containers or "
            + "volumes that are not needed, and bound logs with --log-opt max-size."
        : null;

    /// <summary>Reads it.</summary>
    /// <returns>Null when the folder is not there, or can't be asked.</returns>
    public static DiskRoom? Read(string path)
    {
        try
        {
            var drive = new DriveInfo(path);
            return new DiskRoom(path, drive.TotalSize, drive.AvailableFreeSpace);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
