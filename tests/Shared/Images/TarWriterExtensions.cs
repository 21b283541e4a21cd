using System.Formats.Tar;

namespace Portal.Testing.Images;

/// <summary>Short forms to write tar entries with fixed times.</summary>
public static class TarWriterExtensions
{
    private const UnixFileMode FolderMode = (UnixFileMode)0b111_101_101;
    private const UnixFileMode FileMode = (UnixFileMode)0b110_100_100;
    private static readonly DateTimeOffset s_time = DateTimeOffset.UnixEpoch.AddDays(19_000);

    /// <summary>A regular file.</summary>
    public static void WriteFile(this TarWriter writer, string path, byte[] content, UnixFileMode mode = FileMode)
    {
        using var data = new MemoryStream(content);
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { Mode = mode, DataStream = data, ModificationTime = s_time });
    }

    /// <summary>A folder.</summary>
    public static void WriteFolder(this TarWriter writer, string path, UnixFileMode mode = FolderMode)
    {
        writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, path) { Mode = mode, ModificationTime = s_time });
    }

    /// <summary>A symbolic link.</summary>
    public static void WriteSymbolicLink(this TarWriter writer, string path, string target)
    {
        writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target, ModificationTime = s_time });
    }

    /// <summary>
    /// A hard link. Its mode is that of its file, as tar writes it: dockerd gives the file the mode that the last of its names has.
    /// </summary>
    public static void WriteHardLink(this TarWriter writer, string path, string target, UnixFileMode mode)
    {
        writer.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, path) { LinkName = target, Mode = mode, ModificationTime = s_time });
    }
}
