using System.Formats.Tar;
using Portal.Engine.Images;
using Portal.Engine.Snapshots;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Testing.Engine;

/// <summary>The host's busybox as one layer, unpacked without any image store, for tests that are about containers alone.</summary>
public static class BusyboxLayer
{
    private const UnixFileMode Program = (UnixFileMode)0b111_101_101;
    private static readonly Lazy<Task<byte[]>> s_layer = new(MakeAsync);

    /// <summary>Unpacks the layer, unless it is there, and adds <c>busybox:latest</c>.</summary>
    public static async Task InstallAsync(FakeImages images, ISnapshotter snapshotter)
    {
        var layer = await s_layer.Value;
        var diffId = TestImageBuilder.Digest(layer);
        images.Add(
            "busybox:latest",
            new ImageConfig { Command = ["sh"], Environment = ["PATH=/bin:/usr/bin"] },
            diffId);
        if (!snapshotter.HasLayer(diffId))
        {
            await snapshotter.UnpackAsync(diffId, null, diffId, new MemoryStream(layer));
        }
    }

    private static async Task<byte[]> MakeAsync()
    {
        var applets = (await Tool.RunAsync("/bin/busybox", "--list")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var folder in new[] { "bin/", "dev/", "etc/", "proc/", "root/", "sys/", "tmp/" })
            {
                writer.WriteFolder(folder);
            }

            writer.WriteFile("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n"u8.ToArray());
            writer.WriteFile("etc/group", "root:x:0:\nnogroup:x:65534:\n"u8.ToArray());
            writer.WriteFile("bin/busybox", await File.ReadAllBytesAsync("/bin/busybox"), Program);
            foreach (var applet in applets.Where(applet => applet != "busybox"))
            {
                writer.WriteHardLink($"bin/{applet}", "bin/busybox", Program);
            }
        }

        return stream.ToArray();
    }
}
