using System.Net.Sockets;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Interop.Spawning;
using Portal.Engine.Linux.Runtime.Invoking;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>Starts conmon, which starts the OCI runtime.</summary>
/// <remarks>
/// <para>Step by step, as conmon's own sources have it:</para>
/// <list type="number">
/// <item>conmon is spawned with three channels: start, synchronization and (for an attached exec) attach;</item>
/// <item>it loads its libraries and waits for a byte on start, while we move it to the monitors' cgroup (an exec's is moved last) and do what
/// else is to be done before;</item>
/// <item>it forks away from us into its own session, and reports on attach that its socket is there; we connect and
/// send a second byte;</item>
/// <item>it runs the OCI runtime, and reports on synchronization the process id, or why there is none.</item>
/// </list>
/// <para>Nothing of it depends on us after that. It holds no state; one serves the whole process.</para>
/// </remarks>
internal sealed class MonitorLauncher(RuntimeLayout layout, CgroupTree cgroups, Invocations invocations)
{
    private const int ReportLimit = 64 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly byte[] s_go = [1];

    /// <summary>Starts a process and waits until it is there.</summary>
    /// <returns>Its process id.</returns>
    /// <exception cref="MonitorException">It can't be started; the message has the runtime's own words.</exception>
    public async Task<int> LaunchAsync(MonitorRequest request)
    {
        using var launch = Begin(request);
        return await FinishAsync(launch).ConfigureAwait(false);
    }

    /// <summary>Spawns the monitor, which waits. Its folder must be there, the bundle need not.</summary>
    /// <returns>Of the caller, to be disposed.</returns>
    /// <exception cref="MonitorException">It went before it was moved to its cgroup.</exception>
    public MonitorLaunch Begin(MonitorRequest request)
    {
        var launch = new MonitorLaunch(request, invocations.Of(request.Runtime));
        var isMoved = false;
        try
        {
            launch.Begin(Spawn(launch));
            if (request.ExecId is null)
            {
                cgroups.AddMonitor(launch.Process);
            }

            isMoved = true;
            return launch;
        }
        catch (IOException exception) when (launch.Process > 0)
        {
            throw new MonitorException(Words(request, $"the monitor did not answer ({exception.Message})"));
        }
        finally
        {
            if (!isMoved)
            {
                launch.Dispose();
            }
        }
    }

    /// <summary>Lets a monitor go on, and waits until its process is there.</summary>
    /// <returns>The process's id.</returns>
    /// <exception cref="MonitorException">It can't be started; the message has the runtime's own words.</exception>
    public async Task<int> FinishAsync(MonitorLaunch launch)
    {
        var request = launch.Request;
        using var deadline = new CancellationTokenSource(s_patience);
        launch.Invocation.Ready();
        MonitorReport report;
        try
        {
            await launch.Start.Socket.SendAsync(s_go, deadline.Token).ConfigureAwait(false);
            if (launch.Attach is { } attach)
            {
                await AttachAsync(request, attach, launch.Start, deadline.Token).ConfigureAwait(false);
            }

            report = MonitorReport.Parse(await launch.Sync.ReadLineAsync(ReportLimit, deadline.Token).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or IOException)
        {
            launch.Dispose();
            throw new MonitorException(Words(request, $"the monitor did not answer ({exception.Message})"));
        }

        launch.Finish();
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

    private int Spawn(MonitorLaunch launch)
    {
        var request = launch.Request;
        var program = Programs.Find("conmon") ?? throw new EngineException(
            EngineErrorKind.Unavailable, "The monitor 'conmon' is not on this host. Install the package 'conmon'.");
        List<string> environment =
            [$"PATH={Programs.SearchPath}", $"TMPDIR={layout.Temporary}", "TZ=UTC", "_OCI_SYNCPIPE=3", "_OCI_STARTPIPE=4"];
        List<int> descriptors = [launch.Sync.Child, launch.Start.Child];
        if (launch.Attach is { } attach)
        {
            environment.Add("_OCI_ATTACHPIPE=5");
            descriptors.Add(attach.Child);
        }

        return Spawner.Spawn(new SpawnRequest
        {
            Program = program,
            Arguments = MonitorArguments.For(request, launch.Invocation, layout),
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
}
