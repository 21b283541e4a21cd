using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Shells;

/// <summary>A pseudo-terminal (pty(7)): the side on which a terminal's screen and keyboard are.</summary>
internal sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWriteNoTerminalCloseOnExec = 0x2 | 0x100 | 0x80000;
    private const nuint SetSize = 0x5414;

    private PseudoTerminal(SafeFileHandle screen, string path)
    {
        Screen = screen;
        Path = path;
    }

    // Our side: what is read is shown, what is written is typed.
    private SafeFileHandle Screen { get; }

    /// <summary>The program's side, for it to open.</summary>
    public string Path { get; }

    public static PseudoTerminal Open(TerminalSize size)
    {
        var descriptor = Native.OpenPt(ReadWriteNoTerminalCloseOnExec);
        if (descriptor < 0)
        {
            throw FileCalls.Failure("open", "/dev/ptmx");
        }

        var screen = new SafeFileHandle(descriptor, ownsHandle: true);
        var name = new byte[128];
        if (Native.Grant(descriptor) != 0 || Native.Unlock(descriptor) != 0 || Native.Name(descriptor, name, (nuint)name.Length) != 0)
        {
            var failure = FileCalls.Failure("prepare", "/dev/ptmx");
            screen.Dispose();
            throw failure;
        }

        var terminal = new PseudoTerminal(screen, System.Text.Encoding.UTF8.GetString(name.AsSpan(0, name.AsSpan().IndexOf((byte)0))));
        terminal.Resize(size);
        return terminal;
    }

    public void Resize(TerminalSize size)
    {
        var window = new WindowSize { Rows = (ushort)size.Rows, Columns = (ushort)size.Columns };

        // One that has ended has no size: nobody is left to mind.
        _ = Native.Control(Screen, SetSize, ref window);
    }

    /// <summary>What the program shows; blocks until there is something.</summary>
    /// <returns>How many bytes; 0 when the program has closed its side, or we ours.</returns>
    public int Read(Span<byte> buffer) => (int)Math.Max(0, Repeat(buffer, Native.Read));

    /// <summary>Types; blocks while the program takes nothing.</summary>
    /// <exception cref="IOException">The program has closed its side.</exception>
    public void Write(ReadOnlySpan<byte> input)
    {
        while (input.Length > 0)
        {
            var written = Repeat(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(input), input.Length), Native.Write);
            input = written >= 0 ? input[(int)written..] : throw new IOException("The program has ended.");
        }
    }

    public void Dispose() => Screen.Dispose();

    private nint Repeat(Span<byte> buffer, Transfer transfer)
    {
        while (true)
        {
            var result = transfer(Screen, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (result >= 0 || Marshal.GetLastPInvokeError() != Errno.Interrupted)
            {
                return result;
            }
        }
    }

    private delegate nint Transfer(SafeFileHandle descriptor, ref byte buffer, nint length);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
        public static partial int OpenPt(int flags);

        [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
        public static partial int Grant(int descriptor);

        [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
        public static partial int Unlock(int descriptor);

        [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
        public static partial int Name(int descriptor, [Out] byte[] name, nuint length);

        [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
        public static partial nint Read(SafeFileHandle descriptor, ref byte buffer, nint length);

        [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
        public static partial nint Write(SafeFileHandle descriptor, ref byte buffer, nint length);

        [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
        public static partial int Control(SafeFileHandle descriptor, nuint request, ref WindowSize size);
    }
}
