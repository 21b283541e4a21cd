using System.Net.Sockets;
using System.Text.Json;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.Conmon;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Linux.Runtime.Spec;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime;

internal sealed partial class LinuxRuntime
{
    public async Task<RuntimeExecProcess> ExecAsync(RuntimeExec exec, CancellationToken cancellationToken = default)
    {
        var container = Existing(exec.ContainerId);
        var record = ReadRecord(container);
        var runtime = await selector.OfAsync(exec.ContainerId, record, cancellationToken).ConfigureAwait(false);
        var process = specs.BuildExec(exec, ReadSpec(container), record.GroupAdd);
        var folder = layout.Exec(exec.ContainerId, exec.ExecId);
        cancellationToken.ThrowIfCancellationRequested();
        if (!folder.TryMakeIn(container))
        {
            throw EngineException.NotFound($"No such container: {exec.ContainerId}");
        }

        IProcessStreams? streams = null;
        try
        {
            WriteExec(folder, process);
            exits.Watch(exec.ContainerId, exec.ExecId);
            var request = Request(exec, folder, runtime) with
            {
                Attach = exec.Detach
                    ? null
                    : async () => streams = await ConnectAsync(exec, folder).ConfigureAwait(false),
            };
            var processId = await launcher.LaunchAsync(request).ConfigureAwait(false);
            if (!runtime.IsRunc && process.OomScoreAdj is { } score and > 0 && cgroups.Contains(exec.ContainerId, processId))
            {
                OomScore.TrySet(processId, score);
            }

            if (request.Stdin && exec.Detach)
            {
                await ProtectedNull.CloseInputAsync(folder).ConfigureAwait(false);
            }
            else if (request.Stdin && !exec.OpenStdin && streams is not null)
            {
                await streams.CloseInputAsync(default).ConfigureAwait(false);
            }

            return new RuntimeExecProcess(processId, streams);
        }
        catch (Exception exception)
        {
            if (streams is not null)
            {
                await streams.DisposeAsync().ConfigureAwait(false);
            }

            folder.Remove();
            if (exception is MonitorException)
            {
                throw RuntimeFailure.OfExec(exception.Message);
            }

            throw;
        }
    }

    public async Task<TakenExec?> TakeOverExecAsync(string containerId, string execId, CancellationToken cancellationToken = default)
    {
        var folder = layout.Exec(containerId, execId);
        KeptOutput? output = null;
        MonitorStreams? live = null;
        try
        {
            var process = JsonSerializer.Deserialize(File.ReadAllBytes(folder.Process), OciJson.Default.OciProcess)!;

            // What comes before the connection is there is read from the file as well: nothing of it has to wake anybody.
            (output, var kept, var start) = KeptOutput.TakeOver(folder);
            live = await TryConnectAsync(folder, cancellationToken).ConfigureAwait(false);
            var processId = live is null ? 0 : folder.ReadPid() ?? 0;
            return new TakenExec(processId, process.Args, kept, start, new KeptStreams(live, output));
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            // Its container was removed, or it never ran.
            await (live?.DisposeAsync() ?? default).ConfigureAwait(false);
            output?.Dispose();
            return null;
        }
    }

    public IReadOnlyList<(string ContainerId, string ExecId)> ListKeptExecs() =>
        [.. layout.ListContainers()
            .SelectMany(container => layout.ListExecs(container).Select(exec => (container, exec)))
            .Where(item => File.Exists(layout.Exec(item.container, item.exec).Output))];

    public Task ResizeExecAsync(
        string containerId, string execId, TerminalSize size, CancellationToken cancellationToken = default)
    {
        MonitorControl.Resize(layout.Exec(containerId, execId), size);
        return Task.CompletedTask;
    }

    public Task DeleteExecAsync(string containerId, string execId, CancellationToken cancellationToken = default)
    {
        layout.Exec(containerId, execId).Remove();
        return Task.CompletedTask;
    }

    public async Task<IProcessStreams> AttachAsync(string containerId, CancellationToken cancellationToken = default)
    {
        var folder = Existing(containerId);
        var record = ReadRecord(folder);
        try
        {
            return await MonitorStreams.ConnectAsync(folder, record.Terminal, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            throw new EngineException(
                EngineErrorKind.Conflict, $"Attaching to container {containerId} failed: it is not running.", exception);
        }
    }

    public Task ResizeAsync(string containerId, TerminalSize size, CancellationToken cancellationToken = default)
    {
        MonitorControl.Resize(Existing(containerId), size);
        return Task.CompletedTask;
    }

    public Task ReopenLogAsync(string containerId, CancellationToken cancellationToken = default)
    {
        var folder = Existing(containerId);
        return MonitorControl.ReopenLogAsync(folder, ReadRecord(folder).LogPath, cancellationToken);
    }

    private static MonitorRequest Request(RuntimeExec exec, ProcessFolder folder, OciRuntime runtime)
    {
        return new MonitorRequest
        {
            ContainerId = exec.ContainerId,
            ExecId = exec.ExecId,
            Folder = folder,
            Runtime = runtime,
            Terminal = exec.Process.Terminal,
            Stdin = (exec.OpenStdin && !exec.Detach) || ProtectedNull.NeedsPipe(runtime, exec.Process.Terminal),
            LeaveStdinOpen = exec.Process.Terminal,
            LogPath = exec.KeepOutput ? folder.Output : "",
            LargestLog = exec.KeepOutput ? KeptOutput.LargestFile : 0,
        };
    }

    private static async Task<IProcessStreams> ConnectAsync(RuntimeExec exec, ProcessFolder folder)
    {
        var live = await MonitorStreams.ConnectAsync(folder, exec.Process.Terminal, default).ConfigureAwait(false);
        return exec.KeepOutput ? new KeptStreams(live, KeptOutput.Begin(folder)) : live;
    }

    private static async Task<MonitorStreams?> TryConnectAsync(ProcessFolder folder, CancellationToken cancellationToken)
    {
        try
        {
            return await MonitorStreams.ConnectAsync(folder, terminal: true, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // It has ended.
            return null;
        }
    }

    private static void WriteExec(ProcessFolder folder, OciProcess process)
    {
        File.WriteAllBytes(folder.Process, JsonSerializer.SerializeToUtf8Bytes(process, OciJson.Default.OciProcess));
        WriteRecord(folder, new ProcessRecord(process.Terminal, ""));
    }

    private static OciSpec ReadSpec(ProcessFolder folder)
    {
        return JsonSerializer.Deserialize(File.ReadAllBytes(folder.Config), OciJson.Default.OciSpec)!;
    }

    private static ProcessRecord ReadRecord(ProcessFolder folder)
    {
        return JsonSerializer.Deserialize(File.ReadAllBytes(folder.Record), OciJson.Default.ProcessRecord)!;
    }
}
