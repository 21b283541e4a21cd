using System.Text;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Runtime.Spec;

namespace Portal.Engine.Linux.Trees;

/// <summary>
/// What a runtime leaves in a root to mount on, where the image has nothing there, and <see cref="ContainerMark"/>. Docker keeps the same
/// out of its layers, in one of its own beneath the container's.
/// </summary>
internal static class MountPoints
{
    private static readonly HashSet<string> s_folders = new(StringComparer.Ordinal) { "dev", "proc", "sys" };

    private static readonly HashSet<string> s_files = new(StringComparer.Ordinal)
    {
        "etc/hosts", "etc/hostname", "etc/resolv.conf", "sbin/docker-init", ".dockerenv",
    };

    private static readonly HashSet<string> s_parents = new(StringComparer.Ordinal) { "etc", "sbin" };

    /// <summary>True for a folder that the runtime makes on the way to such a place.</summary>
    public static bool MayBeBelow(byte[] path) => path.Length <= 4 && s_parents.Contains(Encoding.UTF8.GetString(path));

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
            { IsSymbolicLink: true } => text == "etc/mtab" && FileCalls.ReadLink(node.Handle, text).AsSpan().SequenceEqual(ContainerMark.MountsTarget),
            var stat => stat.IsRegular && stat.Size == 0 && s_files.Contains(text),
        };
    }
}
