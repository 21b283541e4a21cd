using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Runtime.AppArmor;
using Portal.Engine.Linux.Runtime.Conmon;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Linux.Runtime.Seccomp;
using Portal.Engine.Linux.Runtime.Spec;
using Portal.Engine.Linux.Runtime.Spec.Mounts;
using Portal.Engine.Linux.UserNamespaces;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime;

/// <summary>
/// Runs containers with runc or crun under conmon. What it knows is in files and in the kernel, so a second one, or
/// the next one after a
/// crash, sees the same. The README beside this file tells the life of a process.
/// </summary>
internal sealed partial class LinuxRuntime(
    RuntimeLayout layout,
    RuntimeSelector selector,
    OciCommands commands,
    MonitorLauncher launcher,
    WaitingMonitors waitingMonitors,
    ExitWatcher exits,
    SpecBuilder specs,
    SharedMemory sharedMemory,
    CgroupTree cgroups,
    LinuxUserNamespaces userNamespaces,
    AppArmorProfiles appArmor,
    CompiledFilters filters,
    ILogger<LinuxRuntime> logger) : IContainerRuntime
{
    private const int SigKill = 9;
    private static readonly TimeSpan s_killPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_monitorPatience = TimeSpan.FromSeconds(5);

    public async Task<RuntimeInfo> GetInfoAsync(CancellationToken cancellationToken = default)
    {
        var runtime = await selector.GetAsync(cancellationToken).ConfigureAwait(false);
        var monitor = Programs.Find("conmon") is { } path
            ? RuntimeSelector.ParseVersion((await Command.RunAsync(path, ["--version"], cancellationToken).ConfigureAwait(false)).Output)
            : "";
        return new RuntimeInfo(runtime.Name, runtime.Version, monitor, cgroups.Version == 2 ? "2" : "1");
    }

    public void Anticipate() => cgroups.Anticipate();

    public void Expect(RuntimeExpectation expected)
    {
        var folder = layout.Container(expected.ContainerId);
        if (folder.Exists || !IsLogPath(expected.LogPath))
        {
            return;
        }

        waitingMonitors.Begin(expected.ContainerId, async () =>
        {
            var runtime = await selector.GetAsync(expected.Runtime, CancellationToken.None).ConfigureAwait(false);
            layout.MakeFolders();
            folder.Make();
            return Request(expected, folder, runtime);
        });
    }

    public async Task<int> CreateAsync(RuntimeContainer container, CancellationToken cancellationToken = default)
    {
        CheckLogPath(container.LogPath);
        var runtime = await selector.GetAsync(container.Runtime, cancellationToken).ConfigureAwait(false);
        var folder = layout.Container(container.Id);
        var request = Request(RuntimeExpectation.Of(container), folder, runtime);
        using var waiting = await waitingMonitors.TakeAsync(container.Id, request).ConfigureAwait(false);
        if (waiting is null && folder.Exists)
        {
            await ClearAsync(container.Id, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        cgroups.CheckParent(container.CgroupParent);
        if (!runtime.IsRunc)
        {
            container = container with { Mounts = MountTargets.Resolve(container.Mounts, container.RootPath) };
        }

        layout.MakeFolders();
        folder.Make();
        try
        {
            var spec = WriteBundle(folder, container, runtime);
            await appArmor.EnsureAsync(spec.Process.ApparmorProfile, cancellationToken).ConfigureAwait(false);
            exits.Watch(container.Id, null);
            var processId = await LaunchAsync(container, request, waiting).ConfigureAwait(false);
            filters.Keep(spec, runtime, layout.StateOf(container.Id));
            return processId;
        }
        catch (Exception exception)
        {
            await DeleteAsync(container.Id, CancellationToken.None).ConfigureAwait(false);
            if (exception is MonitorException)
            {
                throw RuntimeFailure.OfCreate(exception.Message);
            }

            throw;
        }
    }

    public async Task StartAsync(string containerId, CancellationToken cancellationToken = default)
    {
        var folder = Existing(containerId);
        await commands.StartAsync(containerId, cancellationToken).ConfigureAwait(false);
        await File.WriteAllBytesAsync(folder.Started, [], CancellationToken.None).ConfigureAwait(false);
    }

    public Task KillAsync(string containerId, int signal, CancellationToken cancellationToken = default)
    {
        if (layout.Container(containerId).ReadPid() is { } processId)
        {
            _ = cgroups.SignalMember(containerId, processId, signal);
        }

        return Task.CompletedTask;
    }

    public Task PauseAsync(string containerId, CancellationToken cancellationToken = default)
    {
        Existing(containerId);
        return commands.ChangeAsync("pause", containerId, cancellationToken);
    }

    public async Task ResumeAsync(string containerId, CancellationToken cancellationToken = default)
    {
        var folder = Existing(containerId);
        try
        {
            await commands.ChangeAsync("resume", containerId, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException) when (HasEnded(folder))
        {
            // With cgroup version 2 a frozen process takes SIGKILL: there is nothing to resume, and its end is told elsewhere.
        }
    }

    public async Task UpdateAsync(string containerId, RuntimeResources resources, CancellationToken cancellationToken = default)
    {
        var limits = ResourceTranslator.TranslateUpdate(resources, cgroups.HasSwapLimit, cgroups.Version);
        var path = Existing(containerId).Limits;
        await File.WriteAllBytesAsync(
            path, JsonSerializer.SerializeToUtf8Bytes(limits, OciJson.Default.OciResources), cancellationToken).ConfigureAwait(false);
        await commands.UpdateAsync(containerId, path, cancellationToken).ConfigureAwait(false);
        if (limits.Pids is null)
        {
            cgroups.LiftProcessLimit(containerId);
        }

        if (cgroups.Version == 1 && ResourceTranslator.LiftsQuota(resources))
        {
            cgroups.LiftQuota(containerId);
        }
    }

    public async Task EndAsync(string containerId, CancellationToken cancellationToken = default)
    {
        await waitingMonitors.EndAsync(containerId).ConfigureAwait(false);
        if (!await cgroups.KillAllAsync(containerId, SigKill, s_killPatience).ConfigureAwait(false))
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"Removing container {containerId} failed: its processes do not end, even when killed. Try again later.");
        }

        await EndMonitorsAsync(containerId).ConfigureAwait(false);
    }

    public async Task DeleteAsync(string containerId, CancellationToken cancellationToken = default)
    {
        await DeleteProcessesAsync(containerId).ConfigureAwait(false);
        userNamespaces.Remove(containerId);
    }

    private async Task DeleteProcessesAsync(string containerId)
    {
        // Each step can be done again, and the folder, by which the container is known, goes last.
        var folder = layout.Container(containerId);
        await EndAsync(containerId, CancellationToken.None).ConfigureAwait(false);
        await commands.DeleteAsync(containerId).ConfigureAwait(false);
        await cgroups.RemoveAsync(containerId).ConfigureAwait(false);
        folder.Remove();
        cgroups.Forget(containerId);
    }

    public async Task<RuntimeStatus> GetStatusAsync(string containerId, CancellationToken cancellationToken = default)
    {
        var folder = layout.Container(containerId);
        if (!folder.Exists)
        {
            return new RuntimeStatus(RuntimeState.Absent, 0, null);
        }

        if (exits.Read(containerId, null) is { } exit)
        {
            return new RuntimeStatus(RuntimeState.Stopped, 0, exit);
        }

        if (folder.ReadPid() is not { } processId || !cgroups.Contains(containerId, processId))
        {
            // It may have ended between the two looks.
            return new RuntimeStatus(RuntimeState.Stopped, 0, exits.Read(containerId, null));
        }

        var state = cgroups.IsFrozen(containerId) ? RuntimeState.Paused
            : File.Exists(folder.Started) ? RuntimeState.Running
            : await AskStateAsync(containerId, cancellationToken).ConfigureAwait(false);
        return new RuntimeStatus(state, processId, null);
    }

    public Task<IReadOnlyList<int>> ListProcessesAsync(string containerId, CancellationToken cancellationToken = default)
    {
        return Task.FromResult(cgroups.ListProcesses(containerId));
    }

    public IAsyncEnumerable<ProcessExit> WatchExitsAsync(CancellationToken cancellationToken = default)
    {
        layout.MakeFolders();
        return exits.ReadAllAsync(cancellationToken);
    }

    private static bool HasEnded(ProcessFolder folder)
    {
        var handle = folder.ReadPid() is { } processId ? ProcessCalls.OpenHandle(processId) : -1;
        if (handle < 0)
        {
            return true;
        }

        try
        {
            return ProcessCalls.HasEnded(handle, 0);
        }
        finally
        {
            ProcessCalls.Close(handle);
        }
    }

    private static void CheckLogPath(string path)
    {
        if (!IsLogPath(path))
        {
            throw EngineException.InvalidArgument($"The log '{path}' must be an absolute path without a colon.");
        }
    }

    // conmon takes "driver:path" apart at every colon.
    private static bool IsLogPath(string path) => path.Length == 0 || (Path.IsPathRooted(path) && !path.Contains(':'));

    private OciSpec WriteBundle(ProcessFolder folder, RuntimeContainer container, OciRuntime runtime)
    {
        // The record and the cgroup come first: whoever removes what a crash leaves must know them.
        var record = new ProcessRecord(container.Process.Terminal, container.LogPath)
        {
            Runtime = RuntimeCatalog.IsDefault(container.Runtime) ? null : container.Runtime,
            RuntimePath = runtime.Path,
            GroupAdd = container.GroupAdd.Count > 0 ? container.GroupAdd : null,
            ShmPath = sharedMemory.PathOf(container),

            // Only devices' descriptions bring hooks.
            HasHooks = container.DeviceRequests.Count == 0 ? false : null,
        };
        WriteRecord(folder, record);
        cgroups.Place(container.Id, container.CgroupParent, folder.CgroupParent);
        cgroups.AllowRealtime(container.Id, container.Resources.CpuRealtimeRuntime);
        sharedMemory.Prepare(container);
        if (container.Ids is { } ids)
        {
            RootOwned.Give(container, layout.Container(container.Id).Shm, ids);
        }

        ContainerMark.Make(container.RootPath, container.Ids);
        var spec = filters.Apply(specs.Build(container), runtime);
        File.WriteAllBytes(folder.Config, JsonSerializer.SerializeToUtf8Bytes(spec, OciJson.Default.OciSpec));
        if (spec.Hooks is null && record.HasHooks is null)
        {
            WriteRecord(folder, record with { HasHooks = false });
        }

        return spec;
    }

    private static void WriteRecord(ProcessFolder folder, ProcessRecord record) =>
        File.WriteAllBytes(folder.Record, JsonSerializer.SerializeToUtf8Bytes(record, OciJson.Default.ProcessRecord));

    private static MonitorRequest Request(RuntimeExpectation container, ProcessFolder folder, OciRuntime runtime)
    {
        return new MonitorRequest
        {
            ContainerId = container.ContainerId,
            Folder = folder,
            Runtime = runtime,
            Terminal = container.Terminal,
            Stdin = container.OpenStdin || ProtectedNull.NeedsPipe(runtime, container.Terminal),

            // A terminal has no end of input to close: without this, conmon would take no input from the next client.
            LeaveStdinOpen = container.Terminal || (container.OpenStdin && !container.StdinOnce),
            LogPath = container.LogPath,
        };
    }

    private ProcessFolder Existing(string containerId)
    {
        var folder = layout.Container(containerId);
        return folder.Exists ? folder : throw EngineException.NotFound($"No such container: {containerId}");
    }

    private async Task ClearAsync(string containerId, CancellationToken cancellationToken)
    {
        var status = await GetStatusAsync(containerId, cancellationToken).ConfigureAwait(false);
        if (status.State is RuntimeState.Running or RuntimeState.Paused)
        {
            throw EngineException.Conflict($"Container {containerId} is running.");
        }

        // Its user namespace stays: it is made before the container is, and may be the new one's.
        cancellationToken.ThrowIfCancellationRequested();
        await DeleteProcessesAsync(containerId).ConfigureAwait(false);
    }

    private async Task<RuntimeState> AskStateAsync(string containerId, CancellationToken cancellationToken)
    {
        // Whoever started it was killed before noting that down: the runtime knows.
        return await commands.ReadStateAsync(containerId, cancellationToken).ConfigureAwait(false) switch
        {
            "running" => RuntimeState.Running,
            "paused" => RuntimeState.Paused,
            "stopped" => RuntimeState.Stopped,
            _ => RuntimeState.Created,
        };
    }
}
