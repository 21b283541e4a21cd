using System.Formats.Tar;
using Portal.Compose.Docker;

namespace Portal.Web.Features.Deployments.Node;

/// <summary>Configs as the archive in which a node takes files.</summary>
internal static class TarFile
{
    public static byte[] Of(IEnumerable<ServiceFile> files)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var file in files)
            {
                using var content = new MemoryStream(file.Content.ToArray(), writable: false);
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, file.Path.TrimStart('/'))
                {
                    Mode = (UnixFileMode)(file.Mode & 0b111_111_111),
                    Uid = file.UserId,
                    Gid = file.GroupId,
                    DataStream = content,
                });
            }
        }

        return bytes.ToArray();
    }
}
