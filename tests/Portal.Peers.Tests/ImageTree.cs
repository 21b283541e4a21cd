using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Portal.Engine.Images;
using Portal.Engine.Snapshots;
using Portal.Testing.Processes;

namespace Portal.Peers.Tests;

/// <summary>The files of an image as lines of text: kind, mode, owner, names, times, target, content, attributes.</summary>
internal static partial class ImageTree
{
    // Times of what a build makes differ by nature; those of files that are copied from a context are kept, and older than this.
    private const int FirstYearOfOwnTimes = 2010;

    public static async Task<string> DescribeAsync(ISnapshotter snapshotter, ImageDetails image)
    {
        var id = "tree" + image.Id["sha256:".Length..][..16];
        await snapshotter.PrepareAsync(id, image.ChainId);
        try
        {
            var root = await snapshotter.MountAsync(id);
            var found = await Tool.RunAsync("find", root, "-xdev", "-mindepth", "1", "-printf", "%P|%y|%m|%U:%G|%n|%TY-%Tm-%TdT%TT|%l\\n");
            var text = new StringBuilder();
            foreach (var line in found.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal))
            {
                text.Append(Line(root, line.Split('|'))).Append('\n');
            }

            return text.ToString();
        }
        finally
        {
            await snapshotter.RemoveAsync(id);
        }
    }

    private static string Line(string root, string[] fields)
    {
        var path = Path.Combine(root, fields[0]);
        var isOwn = fields[1] == "d" || int.Parse(fields[5][..4], CultureInfo.InvariantCulture) >= FirstYearOfOwnTimes;
        var content = fields[1] == "f" ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..16] : "";

        // How many names a folder has tells of its storage, not of the tree.
        var names = fields[1] == "d" ? "" : fields[4];
        var time = isOwn ? "" : fields[5];
        return $"{fields[0]} {fields[1]} {fields[2]} {fields[3]} {names} {time} {fields[6]} {content} {Attributes(path)}";
    }

    private static string Attributes(string path)
    {
        var list = new byte[4096];
        var length = ListAttributes(path, list, (nuint)list.Length);
        var names = length <= 0 ? [] : Encoding.UTF8.GetString(list, 0, (int)length).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(',', names.Order(StringComparer.Ordinal)
            .Where(name => !name.StartsWith("trusted.overlay.", StringComparison.Ordinal))
            .Select(name =>
            {
                var value = new byte[4096];
                var size = GetAttribute(path, name, value, (nuint)value.Length);
                return $"{name}={Convert.ToHexString(value, 0, (int)Math.Max(0, size))}";
            }));
    }

    [LibraryImport("libc", EntryPoint = "llistxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ListAttributes(string path, [Out] byte[] list, nuint size);

    [LibraryImport("libc", EntryPoint = "lgetxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(string path, string name, [Out] byte[] value, nuint size);
}
