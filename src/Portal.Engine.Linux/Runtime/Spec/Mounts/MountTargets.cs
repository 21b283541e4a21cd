using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Trees;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Spec.Mounts;

/// <summary>
/// Says where a container's mounts come to be, links of its root followed. runc makes what is missing behind a link; crun (1.8 at least)
/// refuses a link that leads nowhere yet, so it is told the place itself.
/// </summary>
internal static class MountTargets
{
    private const int MaxLinks = 40;

    // What is below these is no longer the root's once the container's file systems are mounted.
    private static readonly string[] s_standard = ["proc", "dev", "sys"];
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="mounts">The mounts in their order: links in what is mounted before are left to the runtime.</param>
    /// <param name="rootPath">The container's root, mounted.</param>
    /// <exception cref="EngineException">InvalidArgument: links in a circle, or a place in <c>/proc</c> that must stay the kernel's.</exception>
    public static IReadOnlyList<RuntimeMount> Resolve(IReadOnlyList<RuntimeMount> mounts, string rootPath)
    {
        using var root = FileCalls.OpenFolder(rootPath);
        var covered = new HashSet<string>(s_standard, StringComparer.Ordinal);
        var resolved = new List<RuntimeMount>(mounts.Count);
        foreach (var mount in mounts)
        {
            var path = Follow(mount.Destination, name => IsCovered(name, covered) ? null : LinkAt(root, name));
            ProcPaths.Check(path, mount);
            covered.Add(path);
            resolved.Add(mount with { Destination = "/" + path });
        }

        return resolved;
    }

    // Names that are not there stay as they are, so that they can be made; nothing leads above the root.
    private static string Follow(string path, Func<string, string?> linkAt)
    {
        var waiting = new Stack<string>(Names(path).Reverse());
        var done = new List<string>();
        var links = 0;
        while (waiting.TryPop(out var name))
        {
            if (name == "..")
            {
                done.RemoveRange(Math.Max(0, done.Count - 1), Math.Min(1, done.Count));
                continue;
            }

            done.Add(name);
            if (linkAt(string.Join('/', done)) is not { } target)
            {
                continue;
            }

            if (++links > MaxLinks)
            {
                throw EngineException.InvalidArgument($"The place of the mount '{path}' goes through too many symbolic links.");
            }

            done.RemoveRange(target.StartsWith('/') ? 0 : done.Count - 1, target.StartsWith('/') ? done.Count : 1);
            foreach (var next in Names(target).Reverse())
            {
                waiting.Push(next);
            }
        }

        return string.Join('/', done);
    }

    private static IEnumerable<string> Names(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".");

    private static bool IsCovered(string path, HashSet<string> covered) =>
        covered.Any(above => path == above || path.StartsWith(above + "/", StringComparison.Ordinal));

    private static string? LinkAt(SafeFileHandle root, string path)
    {
        using var node = TreeNode.TryFind(root, Encoding.UTF8.GetBytes(path));
        if (node is not { Stat.IsSymbolicLink: true })
        {
            return null;
        }

        try
        {
            return s_strict.GetString(FileCalls.ReadLink(node.Handle, path));
        }
        catch (DecoderFallbackException)
        {
            // A specification is UTF-8: such a place can't be named, and the runtime follows the link itself.
            return null;
        }
    }
}
