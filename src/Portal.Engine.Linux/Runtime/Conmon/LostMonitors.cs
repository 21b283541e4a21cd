using Microsoft.Extensions.Logging;
using Portal.Engine.Linux.Cgroups;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>
/// Settles processes whose monitor was killed: nobody reads their output any more, and nobody would tell their end.
/// They are killed, and
/// the end is written down in the monitor's stead.
/// </summary>
internal sealed partial class LostMonitors(RuntimeLayout layout, CgroupTree cgroups, ILogger<LostMonitors> logger)
{
    private const int SigKill = 9;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly byte[] s_killed = "137"u8.ToArray();

    /// <summary>Does nothing when the monitor lives or has written the end down. Never throws.</summary>
    public async Task SettleAsync(string containerId, string? execId)
    {
        var folder = execId is null ? layout.Container(containerId) : layout.Exec(containerId, execId);
        try
        {
            if (!MonitorProcess.IsLost(folder))
            {
                return;
            }

            LogLost(folder.Root);
            if (execId is null)
            {
                await cgroups.KillAllAsync(containerId, SigKill, s_patience).ConfigureAwait(false);
            }
            else if (folder.ReadPid() is { } processId)
            {
                _ = cgroups.SignalMember(containerId, processId, SigKill);
            }

            await WriteEndAsync(folder).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Mostly because the container was removed meanwhile. If it was not, the next look finds it lost again.
            LogNotSettled(exception, folder.Root);
        }
    }

    private static async Task WriteEndAsync(ProcessFolder folder)
    {
        var temporary = $"{folder.ExitFile}.{Path.GetRandomFileName()}";
        try
        {
            await File.WriteAllBytesAsync(temporary, s_killed).ConfigureAwait(false);
            File.Move(temporary, folder.ExitFile, overwrite: true);
        }
        catch (IOException)
        {
            // Mostly a full disk, of which its monitor ended as well. A name needs no block: that it has ended is told, if not how.
            File.Create(temporary).Dispose();
            File.Move(temporary, folder.ExitFile, overwrite: true);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The monitor of '{Folder}' was killed: killing the process that it watched")]
    private partial void LogLost(string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of the process of '{Folder}' could not be written down")]
    private partial void LogNotSettled(Exception exception, string folder);
}
