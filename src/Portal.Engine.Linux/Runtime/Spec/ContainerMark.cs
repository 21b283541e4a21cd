using System.Runtime.InteropServices;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>
/// The empty file <c>/.dockerenv</c>, by which programs tell that they are in a container of Docker's kind (systemd-detect-virt(1) among
/// them). It is no part of what a container changed: comparing and committing leave it out.
/// </summary>
internal static partial class ContainerMark
{
    private const uint Mode = 0x1ED; // 0755
    private static readonly byte[] s_name = ".dockerenv\0"u8.ToArray();

    /// <summary>Makes it where nothing of that name is. The root may be hostile: a link is left as it is.</summary>
    /// <param name="rootPath">The container's root, mounted.</param>
    /// <param name="ids">Whom its users are on the host, when they are others.</param>
    public static void Make(string rootPath, IdMapping? ids)
    {
        using var root = FileCalls.OpenFolder(rootPath);

        // A mapped mount takes files from those alone that it maps. Both are the calling thread's own.
        if (ids is not null)
        {
            _ = Native.SetFileGroup(ids.RootGroup);
            _ = Native.SetFileUser(ids.RootUser);
        }

        try
        {
            // Nobody should go without the container for the lack of it, such as on a full disk.
            const int New = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive;
            FileCalls.TryOpenAt(root, s_name, New | OpenFlags.NoFollow, Mode, out _).Dispose();
        }
        finally
        {
            if (ids is not null)
            {
                _ = Native.SetFileUser(0);
                _ = Native.SetFileGroup(0);
            }
        }
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "setfsuid")]
        public static partial int SetFileUser(uint user);

        [LibraryImport("libc", EntryPoint = "setfsgid")]
        public static partial int SetFileGroup(uint group);
    }
}
