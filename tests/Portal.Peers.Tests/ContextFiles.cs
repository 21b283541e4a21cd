using System.Formats.Tar;
using System.IO.Compression;
using Portal.Testing.Processes;

namespace Portal.Peers.Tests;

/// <summary>Writes the files of a <see cref="BuildCase"/>.</summary>
internal static class ContextFiles
{
    // Before all builds: what is copied keeps it.
    private static readonly DateTime s_time = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);

    public static void Write(string folder, IEnumerable<(string Path, string Content)> files)
    {
        foreach (var (path, content) in files)
        {
            var full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            if (content.StartsWith("->", StringComparison.Ordinal))
            {
                File.CreateSymbolicLink(full, content[2..]);
                continue;
            }

            if (content is "TAR" or "TGZ" or "TXZ")
            {
                WriteArchive(full, content);
            }
            else
            {
                File.WriteAllText(full, content);
            }

            File.SetLastWriteTimeUtc(full, s_time);
        }

        foreach (var below in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories))
        {
            Directory.SetLastWriteTimeUtc(below, s_time);
        }
    }

    private static void WriteArchive(string path, string kind)
    {
        using (var file = File.Create(path))
        using (Stream output = kind == "TGZ" ? new GZipStream(file, CompressionLevel.Fastest) : file)
        using (var tar = new TarWriter(output))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "added/")
            {
                ModificationTime = s_time, Mode = (UnixFileMode)0x1C0, Uid = 3,
            });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "added/file")
            {
                DataStream = new MemoryStream("x"u8.ToArray()), ModificationTime = s_time, Uid = 5, Gid = 6,
            });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "added/same")
            {
                LinkName = "added/file", ModificationTime = s_time, Uid = 5, Gid = 6,
            });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "added/way") { LinkName = "file", ModificationTime = s_time });
        }

        if (kind == "TXZ")
        {
            var plain = path + ".plain";
            File.Move(path, plain);
            Tool.RunAsync("xz", plain).GetAwaiter().GetResult();
            File.Move(plain + ".xz", path);
        }
    }
}
