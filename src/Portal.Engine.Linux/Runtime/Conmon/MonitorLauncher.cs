using System.Net.Sockets;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Spawning;
using Portal.Engine.Linux.Runtime.Invoking;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>Starts conmon, which starts the OCI runtime.</summary>
/// <remarks>
/// <para>Step by step, as conmon's own sources have it:</para>
/// <list type="number">
/// <item>conmon is spawned with three channels: start, synchronization and (for an attached exec) attach;</item>
/// <item>it waits for a byte on start, while we move it to the monitors' cgroup (an exec's is moved last);</item>
/// <item>it forks away from us into its own session, and reports on attach that its socket is there; we connect and
/// send a second byte;</item>
/// <item>it runs the OCI runtime, and reports on synchronization the process id, or why there is none.</item>
/// </list>
/// <para>Nothing of it depends on us after that. It holds no state; one serves the whole process.</para>
/// </remarks>
internal sealed class MonitorLauncher(RuntimeLayout layout, CgroupTree cgroups, Invocations invocations)
{
    private const int ReportLimit = 64 * 1024;
    private const int SigKill = 9;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly byte[] s_go = [1];

    /// <summary>Starts a process and waits until it is there.</summary>
    /// <returns>Its process id.</returns>
    /// <exception cref="MonitorException">It can't be started; the message has the runtime's own words.</exception>
    public async Task<int> LaunchAsync(MonitorRequest request)
    {
        using var sync = ChildChannel.Create();
        using var start = ChildChannel.Create();
        using var attach = request.Attach is null ? null : ChildChannel.Create();
        using var invocation = invocations.Of(request.Runtime);
        using var deadline = new CancellationTokenSource(s_patience);
        var monitor = Spawn(request, invocation, sync, start, attach);
        foreach (var channel in new[] { sync, start, attach })
        {
            channel?.CloseChildEnd();
        }

        MonitorReport report;
        try
        {
            if (request.ExecId is null)
            {
                cgroups.AddMonitor(monitor);
            }

            await start.Socket.SendAsync(s_go, deadline.Token).ConfigureAwait(false);
            if (attach is not null)
            {
                await AttachAsync(request, attach, start, deadline.Token).ConfigureAwait(false);
            }

            report = MonitorReport.Parse(await sync.ReadLineAsync(ReportLimit, deadline.Token).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or IOException)
        {
            Kill(monitor);
            throw new MonitorException(Words(request, $"the monitor did not answer ({exception.Message})"));
        }

        // The process that we spawned has forked the monitor proper and is gone: this only takes its entry away.
        _ = ProcessCalls.Wait(monitor);
        if (request.ExecId is not null && report.Data > 0)
        {
            MoveLate(request.Folder);
        }

        return report.Data > 0 ? report.Data : throw new MonitorException(Words(request, report.Message));
    }

    // An exec does not wait for the kernel's lock on moves (CgroupTree.Anticipate) before it begins. Until here its monitor ends with us
    // if somebody ends all processes of our cgroup, as does the connection of the client that waits for it.
    private void MoveLate(ProcessFolder folder)
    {
        if (folder.ReadMonitorPid() is not { } monitor || !MonitorProcess.IsOf(monitor, folder))
        {
            return;
        }

        try
        {
            cgroups.AddMonitor(monitor);
        }
        catch (IOException) when (!MonitorProcess.IsOf(monitor, folder))
        {
            // A short program's monitor has ended meanwhile.
        }
    }

    private static async Task AttachAsync(
        MonitorRequest request, ChildChannel attach, ChildChannel start, CancellationToken cancellationToken)
    {
        if (await attach.ReadLineAsync(ReportLimit, cancellationToken).ConfigureAwait(false) is null)
        {
            // It failed before it got that far; the synchronization channel has the reason.
            return;
        }

        await request.Attach!().ConfigureAwait(false);
        await start.Socket.SendAsync(s_go, cancellationToken).ConfigureAwait(false);
    }

    private int Spawn(
        MonitorRequest request, Invocation invocation, ChildChannel sync, ChildChannel start, ChildChannel? attach)
    {
        var program = Programs.Find("conmon") ?? throw new EngineException(
            EngineErrorKind.Unavailable, "The monitor 'conmon' is not on this host. Install the package 'conmon'.");
        List<string> environment =
            [$"PATH={Programs.SearchPath}", $"TMPDIR={layout.Temporary}", "TZ=UTC", "_OCI_SYNCPIPE=3", "_OCI_STARTPIPE=4"];
        List<int> descriptors = [sync.Child, start.Child];
        if (attach is not null)
        {
            environment.Add("_OCI_ATTACHPIPE=5");
            descriptors.Add(attach.Child);
        }

        return Spawner.Spawn(new SpawnRequest
        {
            Program = program,
            Arguments = MonitorArguments.For(request, invocation, layout),
            Environment = environment,
            WorkingDirectory = request.Folder.Root,
            StderrPath = request.Folder.MonitorLog,
            ExtraDescriptors = descriptors,
        });
    }

    private static string Words(MonitorRequest request, string message)
    {
        var said = message;
        if (said.Length == 0 && File.Exists(request.Folder.MonitorLog))
        {
            said = File.ReadAllText(request.Folder.MonitorLog);
        }

        return RuntimeFailure.FindWords(request.Folder.RuntimeLog, said);
    }

    private static void Kill(int processId)
    {
        var handle = ProcessCalls.OpenHandle(processId);
        if (handle >= 0)
        {
            _ = ProcessCalls.SendSignal(handle, SigKill);
            ProcessCalls.Close(handle);
        }

        _ = ProcessCalls.Wait(processId);
    }
}
