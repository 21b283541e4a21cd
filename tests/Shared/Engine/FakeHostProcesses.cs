using System.Collections.Concurrent;
using Portal.Engine.Containers;

namespace Portal.Testing.Engine;

/// <summary>Processes that all look alike.</summary>
public sealed class FakeHostProcesses : IHostProcesses
{
    public ConcurrentQueue<(int ProcessId, int Signal)> Signals { get; } = new();

    /// <summary>What a process does with a signal; nothing by default.</summary>
    public Action<ContainerProcess, int> OnSignal { get; set; } = (_, _) => { };

    public ContainerProcess? Read(int processId)
    {
        return new ContainerProcess(processId, 1, "0", DateTimeOffset.UnixEpoch, TimeSpan.Zero, "fake");
    }

    public void Signal(ContainerProcess process, int signal)
    {
        Signals.Enqueue((process.ProcessId, signal));
        OnSignal(process, signal);
    }
}
