namespace Portal.Engine.Containers;

/// <summary>When a container's log file is renamed and a new one begun, and how many are kept.</summary>
/// <param name="MaxBytes">Size at which a file is rotated, in bytes; 0 for never.</param>
/// <param name="MaxFiles">Files kept in all, at least 1.</param>
public sealed record LogRotation(long MaxBytes, int MaxFiles)
{
    /// <summary>20 MiB, 5 files: bounded without being asked, unlike Docker's default.</summary>
    public static LogRotation Default { get; } = new(20 * 1024 * 1024, 5);
}
