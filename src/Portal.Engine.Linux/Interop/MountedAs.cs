using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Interop;

/// <summary>With which restrictions something is mounted: statfs(2), <c>f_flags</c>.</summary>
internal static partial class MountedAs
{
    private const int Length = 256;

    // The eleventh word, on both architectures.
    private const int Flags = 10;

    private static readonly (long Flag, string Option, string Opposite)[] s_restrictions =
    [
        (0x1, "ro", "rw"), (0x2, "nosuid", "suid"), (0x4, "nodev", "dev"), (0x8, "noexec", "exec"),
    ];

    /// <summary>The restrictions of the mount that a path is on, as words of mount(8), each with the word that takes it back.</summary>
    /// <param name="path">Followed when it is a link. Nothing there: no restrictions.</param>
    public static unsafe IReadOnlyList<(string Option, string Opposite)> Restrictions(string path)
    {
        var buffer = stackalloc byte[Length];
        if (Native.StatFs(path, buffer) != 0)
        {
            return [];
        }

        var flags = ((long*)buffer)[Flags];
        return [.. s_restrictions.Where(known => (flags & known.Flag) != 0).Select(known => (known.Option, known.Opposite))];
    }

    private static unsafe partial class Native
    {
        [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int StatFs(string path, byte* buffer);
    }
}
