using Microsoft.Extensions.Logging;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Runtime.Conmon;

namespace Portal.Engine.Linux.Runtime;

internal sealed partial class LinuxRuntime
{
    // A monitor that has written the exit code has a millisecond's work left, less than a timer takes.
    private const int LastMomentsMilliseconds = 3;

    public async Task CollectAsync(IReadOnlySet<string> knownContainerIds, CancellationToken cancellationToken = default)
    {
        var found = layout.ListContainers().Concat(cgroups.ListContainers()).Concat(layout.ListStates())
            .Concat(userNamespaces.List()).ToHashSet();
        foreach (var orphan in found.Where(id => !knownContainerIds.Contains(id)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogOrphan(orphan);
            try
            {
                await DeleteAsync(orphan, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is EngineException or IOException)
            {
                // One that can't be removed (a process held by a dead file server, for example) must not keep the
                // engine from starting.
                LogOrphanStays(exception, orphan);
            }
        }

        foreach (var containerId in layout.ListContainers())
        {
            RemoveExecsThatNeverWere(containerId);
        }
    }

    // An engine that was killed before it had a monitor, or whose monitor went with it, leaves a folder of which no end is ever told.
    private void RemoveExecsThatNeverWere(string containerId)
    {
        var folders = layout.ListExecs(containerId).Select(execId => layout.Exec(containerId, execId));
        foreach (var folder in folders.Where(folder => !File.Exists(folder.ExitFile) && folder.ReadPid() is null))
        {
            if (!MonitorProcess.AnyOf(folder))
            {
                LogExecThatNeverWas(folder.Root);
                folder.Remove();
            }
        }
    }

    /// <summary>
    /// Waits for the monitors of a container and its execs: they write down the end of what they watched and go by
    /// themselves. One
    /// that does not is stuck in something that will not come any more, and is killed.
    /// </summary>
    private async Task EndMonitorsAsync(string containerId)
    {
        var folders = layout.ListExecs(containerId)
            .Select(execId => layout.Exec(containerId, execId))
            .Append(layout.Container(containerId));
        foreach (var folder in folders)
        {
            if (folder.ReadMonitorPid() is { } processId)
            {
                await EndMonitorAsync(processId, folder).ConfigureAwait(false);
            }
        }
    }

    private async Task EndMonitorAsync(int processId, ProcessFolder folder)
    {
        var handle = ProcessCalls.OpenHandle(processId);
        if (handle < 0)
        {
            return;
        }

        try
        {
            // The number may belong to another process by now: only one that carries this folder's name is ours.
            if (!MonitorProcess.IsOf(processId, folder))
            {
                return;
            }

            var started = TimeProvider.System.GetTimestamp();
            while (!ProcessCalls.HasEnded(handle, LastMomentsMilliseconds))
            {
                if (TimeProvider.System.GetElapsedTime(started) > s_monitorPatience)
                {
                    LogStuckMonitor(processId, folder.Root);
                    _ = ProcessCalls.SendSignal(handle, SigKill);
                    return;
                }

                await Task.Delay(1).ConfigureAwait(false);
            }
        }
        finally
        {
            ProcessCalls.Close(handle);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removing what is left of unknown container '{ContainerId}'")]
    private partial void LogOrphan(string containerId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removing what is left of an exec that was never begun: '{Folder}'")]
    private partial void LogExecThatNeverWas(string folder);

    [LoggerMessage(Level = LogLevel.Error, Message = "What is left of unknown container '{ContainerId}' can't be removed now")]
    private partial void LogOrphanStays(Exception exception, string containerId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Killing monitor {ProcessId} of '{Folder}': its process has ended and it does not")]
    private partial void LogStuckMonitor(int processId, string folder);
}
