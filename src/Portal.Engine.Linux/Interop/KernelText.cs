using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Interop;

/// <summary>
/// Reads the kernel's small text files with three system calls and nothing else: open(2), read(2), close(2). A sampler reads thousands of
/// them a second, and what files need otherwise (status, locks, finalizers) costs more than the kernel's own work.
/// </summary>
internal static partial class KernelText
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Reads as much as the buffer holds.</summary>
    /// <returns>How much; -1 when the file, or what it tells of, is gone.</returns>
    public static int Read(string path, Span<byte> buffer)
    {
        var descriptor = Native.Open(path, ReadOnlyCloseOnExec);
        if (descriptor < 0)
        {
            return -1;
        }

        try
        {
            var length = 0;
            while (length < buffer.Length)
            {
                var read = Native.Read(descriptor, ref MemoryMarshal.GetReference(buffer[length..]), buffer.Length - length);
                if (read < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted)
                {
                    continue;
                }

                if (read < 0)
                {
                    // ENODEV or ESRCH: cgroup or process ended between open and read.
                    return -1;
                }

                if (read == 0)
                {
                    break;
                }

                length += (int)read;
            }

            return length;
        }
        finally
        {
            ProcessCalls.Close(descriptor);
        }
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
        public static partial nint Read(int descriptor, ref byte buffer, nint length);
    }
}
