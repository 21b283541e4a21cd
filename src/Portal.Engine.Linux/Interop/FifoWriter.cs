using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Interop;

/// <summary>Writes short messages into a FIFO (fifo(7)) without waiting for a reader.</summary>
internal static partial class FifoWriter
{
    private const int NonBlocking = 0x800;
    private const int NoReader = 6;

    /// <summary>Writes a message whole (up to <c>PIPE_BUF</c> bytes are atomic, pipe(7)).</summary>
    /// <returns>False when nobody reads, or there is no such FIFO.</returns>
    public static bool TryWrite(string path, string message)
    {
        var descriptor = Native.Open(path, OpenFlags.WriteOnly | OpenFlags.CloseOnExec | NonBlocking);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() is NoReader or Errno.NoEntry ? false : throw FileCalls.Failure("open", path);
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        var bytes = Encoding.ASCII.GetBytes(message);
        return Native.Write(descriptor, bytes, (nuint)bytes.Length) == bytes.Length;
    }

    /// <summary>True when somebody reads the FIFO.</summary>
    public static bool HasReader(string path)
    {
        var descriptor = Native.Open(path, OpenFlags.WriteOnly | OpenFlags.CloseOnExec | NonBlocking);
        if (descriptor >= 0)
        {
            ProcessCalls.Close(descriptor);
        }

        return descriptor >= 0;
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
        public static partial nint Write(int descriptor, byte[] bytes, nuint count);
    }
}
