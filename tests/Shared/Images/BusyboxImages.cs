using System.Formats.Tar;
using System.Text;
using Portal.Testing.Processes;

namespace Portal.Testing.Images;

/// <summary>Images of the host's static busybox (Debian's package <c>busybox-static</c>), as archives and in registries.</summary>
public static class BusyboxImages
{
    private const UnixFileMode Program = (UnixFileMode)0b111_101_101;
    private const UnixFileMode Sticky = UnixFileMode.StickyBit | (UnixFileMode)0b111_111_111;

    /// <summary>A busybox image to add further layers to.</summary>
    public static async Task<TestImageBuilder> CreateAsync()
    {
        var applets = (await Tool.RunAsync("/bin/busybox", "--list")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var busybox = await File.ReadAllBytesAsync("/bin/busybox");
        return new TestImageBuilder { Command = ["sh"] }.AddLayer(writer => WriteBase(writer, busybox, applets));
    }

    /// <summary>Writes a docker-archive, as <c>docker save</c> does.</summary>
    /// <returns><paramref name="path"/>.</returns>
    public static async Task<string> WriteDockerArchiveAsync(string path, string name = "busybox:latest")
    {
        var builder = await CreateAsync();
        await Skopeo.ExportAsync(builder, $"docker-archive:{path}:{name}");
        return path;
    }

    /// <summary>Writes an oci-archive, as <c>skopeo copy ... oci-archive:</c> does.</summary>
    /// <returns><paramref name="path"/>.</returns>
    public static async Task<string> WriteOciArchiveAsync(string path, string name = "busybox:latest")
    {
        var builder = await CreateAsync();
        await Skopeo.ExportAsync(builder, $"oci-archive:{path}:{name}");
        return path;
    }

    private static void WriteBase(TarWriter writer, byte[] busybox, IEnumerable<string> applets)
    {
        foreach (var folder in new[] { "bin/", "dev/", "etc/", "home/", "proc/", "root/", "sys/", "usr/", "usr/bin/", "var/" })
        {
            writer.WriteFolder(folder);
        }

        writer.WriteFolder("tmp/", Sticky);
        writer.WriteFile("etc/passwd", Encoding.UTF8.GetBytes(
            "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n"));
        writer.WriteFile("etc/group", Encoding.UTF8.GetBytes("root:x:0:\nnogroup:x:65534:\n"));
        writer.WriteFile("bin/busybox", busybox, Program);
        foreach (var applet in applets.Where(applet => applet != "busybox"))
        {
            writer.WriteHardLink($"bin/{applet}", "bin/busybox", Program);
        }
    }
}
