using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Spawning;
using Portal.Engine.Linux.Runtime.Invoking;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>
/// A monitor that was spawned and waits to be told to go on (<see cref="MonitorLauncher"/>). Disposed before that, it is killed: it has not
/// forked away from us yet, and has made nothing but its log file.
/// </summary>
/// <param name="request">What it is to start.</param>
/// <param name="invocation">How it runs the OCI runtime.</param>
internal sealed class MonitorLaunch(MonitorRequest request, Invocation invocation) : IDisposable
{
    private const int SigKill = 9;

    public MonitorRequest Request { get; } = request;

    public Invocation Invocation { get; } = invocation;

    /// <summary>What was spawned; 0 while nothing is, and when it has gone.</summary>
    public int Process { get; private set; }

    /// <summary>On which it reports.</summary>
    public ChildChannel Sync { get; } = ChildChannel.Create();

    /// <summary>On which it is told to go on.</summary>
    public ChildChannel Start { get; } = ChildChannel.Create();

    /// <summary>On which it reports that its socket is there; for an exec that somebody attaches to.</summary>
    public ChildChannel? Attach { get; } = request.Attach is null ? null : ChildChannel.Create();

    /// <summary>Takes the process over, which has its ends of the channels.</summary>
    public void Begin(int process)
    {
        Process = process;
        Sync.CloseChildEnd();
        Start.CloseChildEnd();
        Attach?.CloseChildEnd();
    }

    /// <summary>The process that was spawned has forked the monitor proper and is gone: this only takes its entry away.</summary>
    public void Finish()
    {
        _ = ProcessCalls.Wait(Process);
        Process = 0;
    }

    public void Dispose()
    {
        if (Process > 0)
        {
            Kill(Process);
            Process = 0;
        }

        Sync.Dispose();
        Start.Dispose();
        Attach?.Dispose();
        Invocation.Dispose();
    }

    private static void Kill(int process)
    {
        var handle = ProcessCalls.OpenHandle(process);
        if (handle >= 0)
        {
            _ = ProcessCalls.SendSignal(handle, SigKill);
            ProcessCalls.Close(handle);
        }

        _ = ProcessCalls.Wait(process);
    }
}
