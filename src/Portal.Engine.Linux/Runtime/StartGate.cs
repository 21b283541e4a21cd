using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Runtime;

/// <summary>
/// The FIFO <c>exec.fifo</c> at which a created container waits for its start. <c>runc start</c> does no more than to open it for reading and
/// to remove it (libcontainer, <c>container_linux.go</c>: <c>exec</c>; the init process writes one byte,
/// <c>standard_init_linux.go</c>), so since 1.0. With crun it is the init process that reads: <c>crun start</c> writes one byte and removes it
/// (<c>status.c</c>: <c>libcrun_status_write_exec_fifo</c>), so since 0.10. Doing the same here spares the start of a program.
/// </summary>
/// <remarks>
/// Both take a container for created as long as the file is there. If the engine is killed between opening and removing it, the
/// program runs and they say "created": <see cref="IsWaiting"/> knows better.
/// </remarks>
internal static partial class StartGate
{
    private const string Name = "exec.fifo";

    // runc's init process is called "runc:[2:INIT]" until it becomes the program (nsexec.c).
    private const string WaitingName = "runc";

    // No process reads there any more (fifo(7)).
    private const int NoReader = 6;

    /// <summary>Lets the process go on.</summary>
    /// <param name="stateFolder">What the runtime keeps of the container.</param>
    /// <param name="processId">The process that waits, or is about to.</param>
    /// <param name="isCrun">True when it is crun's, false when it is runc's.</param>
    /// <param name="patience">How long it may take until it waits.</param>
    /// <returns>Null when there is no gate; true when the process has gone through; false when it has ended or does not come.</returns>
    public static bool? Open(string stateFolder, int processId, bool isCrun, TimeSpan patience)
    {
        var path = Path.Combine(stateFolder, Name);
        return isCrun ? Write(path) : Read(path, processId, patience);
    }

    /// <summary>True while the process has not become the container's program; false when it is gone.</summary>
    public static bool IsWaiting(int processId, bool isCrun)
    {
        try
        {
            // crun's init process is crun itself, or a copy of it in memory that carries its name.
            return isCrun
                ? File.ResolveLinkTarget($"/proc/{processId}/exe", returnFinalTarget: false) is { } program
                    && program.Name.Contains(OciRuntime.CrunName, StringComparison.Ordinal)
                : File.ReadAllText($"/proc/{processId}/comm").StartsWith(WaitingName, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    // The process opened it for reading before its creation was done, and closes it when it becomes the program or ends.
    private static bool? Write(string path)
    {
        using var gate = Native.Open(path, OpenFlags.WriteOnly | OpenFlags.CloseOnExec | OpenFlags.NonBlocking | OpenFlags.NoFollow);
        if (gate.IsInvalid)
        {
            return Marshal.GetLastPInvokeError() == NoReader ? false : null;
        }

        if (Native.Write(gate, 0, 1) != 1)
        {
            return false;
        }

        File.Delete(path);
        return true;
    }

    private static bool? Read(string path, int processId, TimeSpan patience)
    {
        var process = ProcessCalls.OpenHandle(processId);
        if (process < 0)
        {
            return File.Exists(path) ? false : null;
        }

        try
        {
            using var gate = Native.Open(path, OpenFlags.ReadOnly | OpenFlags.CloseOnExec | OpenFlags.NonBlocking | OpenFlags.NoFollow);
            if (gate.IsInvalid)
            {
                return null;
            }

            // Opening was the start. A reader that is there before its first writer is not told of an end.
            var isThrough = ProcessCalls.AwaitInput((int)gate.DangerousGetHandle(), process, (int)patience.TotalMilliseconds)
                && Native.Read(gate, out _, 1) == 1;
            if (isThrough)
            {
                File.Delete(path);
            }

            return isThrough;
        }
        finally
        {
            ProcessCalls.Close(process);
        }
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial SafeFileHandle Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
        public static partial nint Read(SafeFileHandle file, out byte value, nuint count);

        [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
        public static partial nint Write(SafeFileHandle file, in byte value, nuint count);
    }
}
