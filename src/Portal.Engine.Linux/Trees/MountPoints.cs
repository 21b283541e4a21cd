using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Runtime.Spec;

namespace Portal.Engine.Linux.Trees;

/// <summary>
/// What a runtime leaves in a root to mount on, where the image has nothing there, and <see cref="ContainerMark"/>. Docker keeps the same
/// out of its layers, in one of its own beneath the container's.
/// </summary>
internal static class MountPoints
{
    private const string MountsLink = "etc/mtab";
    private static readonly HashSet<string> s_folders = new(StringComparer.Ordinal) { "dev", "proc", "sys" };

    private static readonly HashSet<string> s_files = new(StringComparer.Ordinal)
    {
        "etc/hosts", "etc/hostname", "etc/resolv.conf", "sbin/docker-init", ".dockerenv",
    };

    private static readonly HashSet<string> s_parents = new(StringComparer.Ordinal) { "etc", "sbin" };

    /// <summary>True for a folder that the runtime makes on the way to such a place.</summary>
    public static bool MayBeBelow(byte[] path) => path.Length <= 4 && s_parents.Contains(Encoding.UTF8.GetString(path));

    /// <summary>The bytes that such places have in a root, which its container did not write: of all of them only a link has any.</summary>
    /// <param name="root">The container's root, or what is writable of it.</param>
    public static long SizeIn(SafeFileHandle root)
    {
        const int Open = OpenFlags.PathOnly;
        using var settings = FileCalls.TryOpenAt(
            root, FileCalls.NulTerminated("etc"u8), Open | OpenFlags.Directory | OpenFlags.NoFollow, 0, out var error);
        if (error != 0)
        {
            return 0;
        }

        using var link = FileCalls.TryOpenAt(settings, FileCalls.NulTerminated("mtab"u8), Open | OpenFlags.NoFollow, 0, out error);
        return error == 0 && FileCalls.Stat(link, MountsLink) is { IsSymbolicLink: true } stat && LeadsToMounts(link) ? stat.Size : 0;
    }

    /// <summary>True for such a place. What has something in it is the container's own, whatever its name.</summary>
    public static bool Contain(TreeNode node, byte[] path)
    {
        // The longest is sbin/docker-init.
        if (path.Length > 16)
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(path);
        return node.Stat switch
        {
            { IsFolder: true } => s_folders.Contains(text) && TreeFolder.IsEmpty(node.Handle),
            { IsSymbolicLink: true } => text == MountsLink && LeadsToMounts(node.Handle),
            var stat => stat.IsRegular && stat.Size == 0 && s_files.Contains(text),
        };
    }
    private static bool LeadsToMounts(SafeFileHandle link) =>
        FileCalls.ReadLink(link, MountsLink).AsSpan().SequenceEqual(ContainerMark.MountsTarget);
}
