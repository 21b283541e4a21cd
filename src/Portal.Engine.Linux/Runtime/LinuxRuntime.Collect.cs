using System.Globalization;
using Microsoft.Extensions.Logging;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Runtime;

internal sealed partial class LinuxRuntime
{
    public async Task CollectAsync(IReadOnlySet<string> knownContainerIds, CancellationToken cancellationToken = default)
    {
        var found = layout.ListContainers().Concat(cgroups.ListContainers()).Concat(layout.ListStates()).ToHashSet();
        foreach (var orphan in found.Where(id => !knownContainerIds.Contains(id)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogOrphan(orphan);
            await DeleteAsync(orphan, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Waits for the monitors of a container and its execs: they write down the end of what they watched and go by themselves. One
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
            if (!IsMonitorOf(processId, folder))
            {
                return;
            }

            var started = TimeProvider.System.GetTimestamp();
            while (!ProcessCalls.HasEnded(handle, 0))
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

    private static bool IsMonitorOf(int processId, ProcessFolder folder)
    {
        try
        {
            var commandLine = File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/cmdline");
            return commandLine.Split('\0').Contains(folder.Root);
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removing what is left of unknown container '{ContainerId}'")]
    private partial void LogOrphan(string containerId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Killing monitor {ProcessId} of '{Folder}': its process has ended and it does not")]
    private partial void LogStuckMonitor(int processId, string folder);
}
