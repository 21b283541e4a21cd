using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>
/// What every container of Docker's kind has in its root besides its image: the empty file <c>/.dockerenv</c>, by which programs tell where
/// they are (systemd-detect-virt(1) among them), and <c>/etc/mtab</c> as a link to <c>/proc/mounts</c>, by which others find their file
/// systems (getmntent(3), <c>Files.getFileStore</c> of Java 8). They are no part of what a container changed: comparing and committing leave
/// them out.
/// </summary>
internal static partial class ContainerMark
{
    private const uint Mode = 0x1ED; // 0755
    private static readonly byte[] s_mark = ".dockerenv\0"u8.ToArray();
    private static readonly byte[] s_settings = "etc\0"u8.ToArray();
    private static readonly byte[] s_mounts = "mtab\0"u8.ToArray();

    /// <summary>Where <c>/etc/mtab</c> leads.</summary>
    public static ReadOnlySpan<byte> MountsTarget => "/proc/mounts"u8;

    /// <summary>Makes each where nothing of that name is. The root may be hostile: a link is left as it is, and none is followed.</summary>
    /// <param name="rootPath">The container's root, mounted.</param>
    /// <param name="ids">Whom its users are on the host, when they are others.</param>
    /// <remarks>Nobody should go without the container for the lack of them, such as on a full disk.</remarks>
    public static void Make(string rootPath, IdMapping? ids)
    {
        const int New = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive;
        using var root = FileCalls.OpenFolder(rootPath);
        As(ids, () => FileCalls.TryOpenAt(root, s_mark, New | OpenFlags.NoFollow, Mode, out _).Dispose());
        using var settings = FileCalls.TryOpenAt(root, s_settings, OpenFlags.Directory | OpenFlags.NoFollow, 0, out var error);
        if (error == 0 && FileCalls.TryStat(settings, s_mounts, out _) == Errno.NoEntry)
        {
            MakeMounts(settings, ids);
        }
    }

    private static void MakeMounts(SafeFileHandle settings, IdMapping? ids)
    {
        // The folder keeps its time: to whom compares it with the image's, nothing happened.
        var before = FileCalls.Stat(settings, "etc").ModificationTime;
        As(ids, () => FileCalls.TryMakeSymbolicLink([.. MountsTarget, 0], settings, s_mounts));
        FileCalls.TrySetTimes(settings, before);
    }

    /// <summary>A mapped mount takes files from those alone that it maps. Both are the calling thread's own.</summary>
    private static void As(IdMapping? ids, Action make)
    {
        if (ids is null)
        {
            make();
            return;
        }

        _ = Native.SetFileGroup(ids.RootGroup);
        _ = Native.SetFileUser(ids.RootUser);
        try
        {
            make();
        }
        finally
        {
            _ = Native.SetFileUser(0);
            _ = Native.SetFileGroup(0);
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
