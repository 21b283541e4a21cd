using System.Globalization;
using System.Net.Sockets;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Runtime.Conmon;

namespace Portal.Engine.Linux.Runtime;

/// <summary>
/// Keeps <c>/dev/null</c> the host's. crun gives whatever a new process has as its standard streams to the process's user, and conmon hands
/// it <c>/dev/null</c> where there is no input: afterwards that user of a container could forbid it to the whole host.
/// </summary>
internal static class ProtectedNull
{
    private const string Device = "/dev/null";
    private const int PatienceMilliseconds = 5000;
    private const uint ForAll = 0x1B6; // 0666

    /// <summary>True for runtimes that are not known to leave it alone. runc does since 1.1.5.</summary>
    public static bool IsAtRisk(OciRuntime runtime) => runtime.Name != "runc";

    /// <summary>True when a process without input must get a pipe that is closed at once instead.</summary>
    public static bool NeedsPipe(OciRuntime runtime, bool terminal) => !terminal && IsAtRisk(runtime);

    /// <summary>Ends the input that such a process has.</summary>
    public static async Task CloseInputAsync(ProcessFolder folder)
    {
        try
        {
            var streams = await MonitorStreams.ConnectAsync(folder, terminal: false, default).ConfigureAwait(false);
            await using (streams.ConfigureAwait(false))
            {
                await streams.CloseInputAsync(default).ConfigureAwait(false);
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode
            is SocketError.AddressNotAvailable or SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            // Its socket is gone: the process of an exec has ended already, and so has its input.
        }
        catch (FileCallException exception) when (exception.ErrorNumber == Errno.NoEntry)
        {
            // Its folder too: that end has been told and dealt with meanwhile.
        }
    }

    /// <summary>
    /// Waits until the monitor has ended the input of a container that is created and not started. The monitor takes one connection at a
    /// time: a client that attaches while ours still waits would be behind it, and miss what a short program writes at once.
    /// </summary>
    /// <param name="processId">The container's first process.</param>
    /// <param name="patienceMilliseconds">How long the monitor is given.</param>
    /// <returns>False when there is still somebody who could write to it. The start goes on all the same.</returns>
    public static bool AwaitEndOfInput(int processId, int patienceMilliseconds = PatienceMilliseconds)
    {
        var handle = ProcessCalls.OpenHandle(processId);
        if (handle < 0)
        {
            return true;
        }

        try
        {
            // Nobody writes to the pipe: it becomes readable when the monitor, its only writer, closes it.
            using var input = FileCalls.TryOpenPath(
                string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/fd/0"),
                OpenFlags.ReadOnly | OpenFlags.NonBlocking,
                out var error);
            return error != 0 || ProcessCalls.AwaitInput((int)input.DangerousGetHandle(), handle, patienceMilliseconds);
        }
        finally
        {
            ProcessCalls.Close(handle);
        }
    }

    /// <summary>
    /// Gives it back to root. For containers with a terminal, where conmon knows no other way: between their creation, which took it
    /// away, and their start.
    /// </summary>
    public static void Restore()
    {
        using var handle = FileCalls.TryOpenPath(Device, OpenFlags.ReadOnly | OpenFlags.NoFollow, out var error);
        if (error == 0
            && FileCalls.Stat(handle, Device) is { Type: FileTypes.CharacterDevice } stat
            && (stat.UserId, stat.GroupId) != (0, 0))
        {
            error = FileCalls.TrySetOwner(handle, 0, 0);
            error = error == 0 ? FileCalls.TrySetMode(handle, ForAll) : error;
        }

        if (error != 0)
        {
            throw new FileCallException(error, "give back to root", Device);
        }
    }
}
