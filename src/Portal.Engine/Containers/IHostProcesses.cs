namespace Portal.Engine.Containers;

/// <summary>What the kernel tells of processes, and signals to them.</summary>
public interface IHostProcesses
{
    /// <summary>The process, or null when it has ended (proc_pid_stat(5), proc_pid_cmdline(5)).</summary>
    /// <param name="processId">In the host's numbers.</param>
    ContainerProcess? Read(int processId);

    /// <summary>Sends a signal to the process, unless it has ended: another one that got its number meanwhile is spared.</summary>
    /// <param name="process">As <see cref="Read"/> gave it.</param>
    /// <param name="signal">1 to 64.</param>
    void Signal(ContainerProcess process, int signal);
}
