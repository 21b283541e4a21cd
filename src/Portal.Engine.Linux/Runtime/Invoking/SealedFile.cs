using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Runtime.Invoking;

/// <summary>A copy of a file in memory that nobody can change any more: memfd_create(2) with all its seals (fcntl(2), F_ADD_SEALS).</summary>
internal static partial class SealedFile
{
    private const string LibC = "libc";
    private const uint CloseOnExec = 0x1;
    private const uint AllowSealing = 0x2;
    private const uint Executable = 0x10;
    private const int AddSeals = 1033;

    // F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE.
    private const int AllSeals = 0x1 | 0x2 | 0x4 | 0x8;

    /// <summary>Copies a program.</summary>
    /// <param name="path">The program.</param>
    /// <param name="name">What <c>/proc/PID/exe</c> of its processes says, after <c>/memfd:</c>.</param>
    /// <exception cref="FileCallException">The kernel does not let us (<c>vm.memfd_noexec</c> of 2, for example).</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static SafeFileHandle CopyOf(string path, string name)
    {
        var handle = Create(name);
        try
        {
            using (var source = File.OpenHandle(path))
            {
                Copy(source, handle);
            }

            return Native.FileControl(handle, AddSeals, AllSeals) == 0 ? handle : throw FileCalls.Failure("seal a copy of", path);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static SafeFileHandle Create(string name)
    {
        // Kernels before 6.3 do not know that one asks for a program, and let all such files be programs.
        var handle = Native.Create(name, CloseOnExec | AllowSealing | Executable);
        if (handle.IsInvalid && Marshal.GetLastPInvokeError() == Errno.Invalid)
        {
            handle.Dispose();
            handle = Native.Create(name, CloseOnExec | AllowSealing);
        }

        return handle.IsInvalid ? throw FileCalls.Failure("make a file in memory named", name) : handle;
    }

    private static void Copy(SafeFileHandle source, SafeFileHandle target)
    {
        var buffer = new byte[64 * 1024];
        long done = 0;
        for (int read; (read = RandomAccess.Read(source, buffer, done)) > 0; done += read)
        {
            RandomAccess.Write(target, buffer.AsSpan(0, read), done);
        }
    }

    private static partial class Native
    {
        [LibraryImport(LibC, EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial SafeFileHandle Create(string name, uint flags);

        [LibraryImport(LibC, EntryPoint = "fcntl", SetLastError = true)]
        public static partial int FileControl(SafeFileHandle handle, int command, int argument);
    }
}
