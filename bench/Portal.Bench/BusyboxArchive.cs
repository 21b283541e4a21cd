using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Bench;

/// <summary>The image that all rows use: the host's static busybox, its applets as symbolic links.</summary>
internal static class BusyboxArchive
{
    private const UnixFileMode Program = (UnixFileMode)0b111_101_101;

    public static async Task<string> WriteAsync(string path)
    {
        var applets = (await Tool.RunAsync("/bin/busybox", "--list")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var busybox = await File.ReadAllBytesAsync("/bin/busybox");
        var image = new TestImageBuilder { Command = ["sh"] }.AddLayer(writer =>
        {
            writer.WriteFolder("bin/");
            writer.WriteFolder("tmp/");
            writer.WriteFile("bin/busybox", busybox, Program);
            foreach (var applet in applets.Where(applet => applet != "busybox"))
            {
                writer.WriteSymbolicLink($"bin/{applet}", "busybox");
            }
        });
        await Skopeo.ExportAsync(image, $"docker-archive:{path}:busybox:latest");
        return path;
    }
}
