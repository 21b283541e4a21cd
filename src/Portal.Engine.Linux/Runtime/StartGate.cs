using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Runtime;

/// <summary>
/// The FIFO <c>exec.fifo</c> at which a container of runc waits for its start. <c>runc start</c> does no more than to open it for reading and
/// to remove it (libcontainer, <c>container_linux.go</c>: <c>exec</c>; the init process writes one byte,
/// <c>standard_init_linux.go</c>), so since 1.0. Doing the same here spares the start of a Go program.
/// </summary>
/// <remarks>
/// runc takes a container for created as long as the file is there. If the engine is killed between opening and removing it, the
/// program runs and runc says "created": <see cref="IsWaiting"/> knows better.
/// </remarks>
internal static partial class StartGate
{
    private const string Name = "exec.fifo";

    // runc's init process is called "runc:[2:INIT]" until it becomes the program (nsexec.c).
    private const string WaitingName = "runc";

    /// <summary>Lets the process go on.</summary>
    /// <param name="stateFolder">What runc keeps of the container.</param>
    /// <param name="processId">The process that waits, or is about to.</param>
    /// <param name="patience">How long it may take until it waits.</param>
    /// <returns>Null when there is no gate; true when the process has gone through; false when it has ended or does not come.</returns>
    public static bool? Open(string stateFolder, int processId, TimeSpan patience)
    {
        var path = Path.Combine(stateFolder, Name);
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

    /// <summary>True while the process has not become the container's program; false when it is gone.</summary>
    public static bool IsWaiting(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/comm").StartsWith(WaitingName, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial SafeFileHandle Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
        public static partial nint Read(SafeFileHandle file, out byte value, nuint count);
    }
}
