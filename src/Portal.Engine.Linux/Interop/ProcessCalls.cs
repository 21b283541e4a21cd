using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Interop;

/// <summary>System calls on processes: spawning with chosen file descriptors, waiting, signalling without a race.</summary>
internal static partial class ProcessCalls
{
    private const string LibC = "libc";
    private const int WaitNoHang = 1;
    private const int PidfdOpenNumber = 434;
    private const int PidfdSendSignalNumber = 424;
    private const short PollIn = 1;

    // __X32_SYSCALL_BIT with the number of getpid(2).
    private const int X32GetProcessId = 0x40000000 + 39;

    /// <summary>waitpid(2), blocking. Returns at once when the child has gone or is not ours.</summary>
    /// <returns>The exit code, 128 plus the signal's number, or null when someone else has reaped it.</returns>
    public static int? Wait(int processId)
    {
        while (true)
        {
            var result = Native.WaitPid(processId, out var status, 0);
            if (result == processId)
            {
                return ToExitCode(status);
            }

            if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
            {
                return null;
            }
        }
    }

    /// <summary>waitpid(2) with WNOHANG: takes away a dead child's entry if there is one.</summary>
    public static void Reap(int processId)
    {
        _ = Native.WaitPid(processId, out _, WaitNoHang);
    }

    /// <summary>
    /// pidfd_open(2): a handle on a process that no later process of the same number can be mistaken for; -1 when it
    /// is gone.
    /// </summary>
    public static int OpenHandle(int processId)
    {
        return (int)Native.PidfdOpen(PidfdOpenNumber, processId, 0);
    }

    /// <summary>pidfd_send_signal(2).</summary>
    /// <returns>0, or the error number.</returns>
    public static int SendSignal(int handle, int signal)
    {
        return Native.PidfdSendSignal(PidfdSendSignalNumber, handle, signal, IntPtr.Zero, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>True when the process behind a handle has ended: its handle is readable then (pidfd_open(2)).</summary>
    public static bool HasEnded(int handle, int timeoutMilliseconds)
    {
        var poll = new PollEntry { Descriptor = handle, Events = PollIn };
        return Native.Poll(ref poll, 1, timeoutMilliseconds) > 0;
    }

    /// <summary>Waits until a descriptor has something to read or its writers are gone, or the process behind a handle has ended.</summary>
    /// <returns>False when neither came in time.</returns>
    public static bool AwaitInput(int descriptor, int processHandle, int timeoutMilliseconds)
    {
        var polls = new PollEntry[]
        {
            new() { Descriptor = descriptor, Events = PollIn },
            new() { Descriptor = processHandle, Events = PollIn },
        };
        int ready;
        do
        {
            ready = Native.Poll(polls, (nuint)polls.Length, timeoutMilliseconds);
        }
        while (ready < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);

        return ready > 0;
    }

    /// <summary>True when this kernel has the x32 calls of x86-64 (syscall(2)), which most are built or started without.</summary>
    public static bool HasX32() => Native.GetProcessId(X32GetProcessId) > 0;

    /// <summary>gettid(2): the kernel's number of the calling thread.</summary>
    public static int CurrentThread() => Native.GetThreadId();

    /// <summary>close(2).</summary>
    public static void Close(int descriptor)
    {
        _ = Native.Close(descriptor);
    }

    private static int ToExitCode(int status)
    {
        var signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    private static partial class Native
    {
        [LibraryImport(LibC, EntryPoint = "waitpid", SetLastError = true)]
        public static partial int WaitPid(int processId, out int status, int options);

        [LibraryImport(LibC, EntryPoint = "syscall", SetLastError = true)]
        public static partial nint PidfdOpen(nint number, int processId, uint flags);

        [LibraryImport(LibC, EntryPoint = "syscall", SetLastError = true)]
        public static partial nint PidfdSendSignal(nint number, int handle, int signal, nint info, uint flags);

        [LibraryImport(LibC, EntryPoint = "poll", SetLastError = true)]
        public static partial int Poll(ref PollEntry entries, nuint count, int timeout);

        [LibraryImport(LibC, EntryPoint = "poll", SetLastError = true)]
        public static partial int Poll([In, Out] PollEntry[] entries, nuint count, int timeout);

        [LibraryImport(LibC, EntryPoint = "syscall", SetLastError = true)]
        public static partial nint GetProcessId(nint number);

        [LibraryImport(LibC, EntryPoint = "gettid")]
        public static partial int GetThreadId();

        [LibraryImport(LibC, EntryPoint = "close", SetLastError = true)]
        public static partial int Close(int descriptor);
    }
}
