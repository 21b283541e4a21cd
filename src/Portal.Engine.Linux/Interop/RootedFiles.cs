using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Interop;

/// <summary>
/// Reads files of a tree that others write, such as a container's root: every link is resolved as if the tree were
/// the root (openat2(2)).
/// </summary>
internal static partial class RootedFiles
{
    private const int OpenAt2Number = 437;
    private const ulong ResolveInRoot = 0x10;
    private const ulong ResolveNoMagicLinks = 0x02;
    private const int NonBlocking = 0x800;
    private const int NoTerminal = 0x100;
    private const int Retries = 32;
    private const int TryAgain = 11;

    /// <summary>Reads a regular file of at most <paramref name="limit"/> bytes.</summary>
    /// <returns>Null when there is no such regular file, or it is larger.</returns>
    public static byte[]? ReadBounded(string root, string path, int limit)
    {
        using var file = Open(root, path);
        if (file is null || FileStatus.Read(file) is not { IsRegular: true })
        {
            return null;
        }

        // One byte more than allowed tells "too large" from "just fits", whatever a size says that can change meanwhile.
        var buffer = new byte[Math.Min(RandomAccess.GetLength(file), limit) + 1];
        var total = 0;
        int read;
        while (total < buffer.Length && (read = RandomAccess.Read(file, buffer.AsSpan(total), total)) > 0)
        {
            total += read;
        }

        return total > limit ? null : buffer[..total];
    }

    private static SafeFileHandle? Open(string root, string path)
    {
        using var folder = FileCalls.OpenFolder(root);
        var how = new OpenHow
        {
            // Non-blocking, so that a FIFO or a device in the file's place holds nobody up.
            Flags = (ulong)(uint)(OpenFlags.ReadOnly | OpenFlags.CloseOnExec | NonBlocking | NoTerminal),
            Resolve = ResolveInRoot | ResolveNoMagicLinks,
        };
        for (var attempt = 0; attempt < Retries; attempt++)
        {
            var descriptor = Native.OpenAt2(OpenAt2Number, folder, path, ref how, (nuint)Marshal.SizeOf<OpenHow>());
            if (descriptor >= 0)
            {
                return new SafeFileHandle(descriptor, ownsHandle: true);
            }

            // EAGAIN: something was renamed during the walk (openat2(2)).
            if (Marshal.GetLastPInvokeError() is not (TryAgain or Errno.Interrupted))
            {
                return null;
            }
        }

        return null;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial nint OpenAt2(nint number, SafeFileHandle folder, string path, ref OpenHow how, nuint size);
    }
}
