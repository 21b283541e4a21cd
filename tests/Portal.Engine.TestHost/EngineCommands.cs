using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Builds;
using Portal.Engine.Containers;
using Portal.Engine.Networks;
using Portal.Engine.Volumes;
using Portal.Engine.Volumes.Backups;

namespace Portal.Engine.TestHost;

/// <summary>
/// What a test asks of the engine in another process, a line each:
/// <c>create POLICY SCRIPT</c> and <c>run POLICY SCRIPT</c> answer with the container's id; <c>start ID</c>, <c>stop ID</c>,
/// <c>remove ID</c> with what was done; <c>volume-create NAME</c>, <c>volume-memory NAME</c>, <c>volume-bind NAME PATH</c>, <c>volume-remove NAME</c>,
/// <c>volume-run NAME SCRIPT</c>, <c>volume-backup NAME HANDLING FILE</c> and <c>volume-restore NAME HANDLING FILE</c>;
/// <c>build ROUND CONTEXT</c> builds <c>killed:1</c>, and says each of its events in a line of its own before it answers with the image;
/// <c>network-create NAME</c> and <c>network-run NETWORK:NAME SCRIPT</c> as the ones of volumes;
/// <c>exec ID SCRIPT</c> with the exit code; <c>churn COUNT</c> runs and removes containers,
/// and answers with the open files, the bytes of live objects and the timers afterwards.
/// </summary>
internal sealed class EngineCommands(IServiceProvider services)
{
    private readonly IContainers _containers = services.GetRequiredService<IContainers>();
    private static readonly Dictionary<string, string> s_memory = new() { ["type"] = "tmpfs", ["device"] = "tmpfs", ["o"] = "size=1m" };
    private readonly IVolumes _volumes = services.GetRequiredService<IVolumes>();
    private readonly IVolumeBackups _backups = services.GetRequiredService<IVolumeBackups>();
    private readonly INetworks _networks = services.GetRequiredService<INetworks>();
    private readonly IExecs _execs = services.GetRequiredService<IExecs>();

    public async Task<string> DoAsync(string line)
    {
        var words = line.Split(' ', 3);
        return words[0] switch
        {
            "create" => await CreateAsync(words[1], words[2]),
            "run" => await RunAsync(words[1], words[2]),
            "start" => await AfterAsync(_containers.StartAsync(words[1]), "started"),
            "stop" => await AfterAsync(_containers.StopAsync(words[1]), "stopped"),
            "remove" => await AfterAsync(_containers.RemoveAsync(words[1], force: true), "removed"),
            "volume-create" => (await _volumes.CreateAsync(new VolumeRequest { Name = words[1] })).Name,
            "volume-memory" => (await _volumes.CreateAsync(new VolumeRequest { Name = words[1], Options = s_memory })).Name,
            "volume-bind" => (await _volumes.CreateAsync(Bind(words[1], words[2]))).Name,
            "volume-remove" => await AfterAsync(_volumes.RemoveAsync(words[1]), "removed"),
            "volume-run" => await RunWithAsync(words[1], words[2]),
            "volume-backup" => await BackUpAsync(words[1], words[2]),
            "volume-restore" => await RestoreAsync(words[1], words[2]),
            "build" => await BuildAsync(words[1], words[2]),
            "network-create" => (await _networks.CreateAsync(new NetworkRequest { Name = words[1] })).Name,
            "network-run" => await RunOnAsync(words[1].Split(':'), words[2]),
            "exec" => await ExecAsync(words[1], words[2]),
            "churn" => await ChurnAsync(int.Parse(words[1], CultureInfo.InvariantCulture)),
            _ => "unknown command",
        };
    }

    private static async Task<string> AfterAsync(Task step, string answer)
    {
        await step;
        return answer;
    }

    private async Task<string> CreateAsync(string policy, string script)
    {
        var created = await _containers.CreateAsync(new ContainerSpec
        {
            Image = "busybox",
            Command = ["sh", "-c", script],
            RestartPolicy = new RestartPolicy(Enum.Parse<RestartPolicyKind>(policy)),
            LogRotation = new LogRotation(50_000, 100),
        });
        return created.Id;
    }

    private async Task<string> RunAsync(string policy, string script)
    {
        var id = await CreateAsync(policy, script);
        await _containers.StartAsync(id);
        return id;
    }

    private async Task<string> RunWithAsync(string volume, string script)
    {
        var created = await _containers.CreateAsync(new ContainerSpec
        {
            Image = "busybox", Command = ["sh", "-c", script], Binds = [$"{volume}:/v"], NetworkMode = "none", StopTimeout = 0,
        });
        await _containers.StartAsync(created.Id);
        return created.Id;
    }

    private async Task<string> RunOnAsync(string[] place, string script)
    {
        var created = await _containers.CreateAsync(new ContainerSpec
        {
            Image = "busybox", Name = place[1], Command = ["sh", "-c", script], NetworkMode = place[0], StopTimeout = 0,
        });
        await _containers.StartAsync(created.Id);
        return created.Id;
    }

    private async Task<string> BackUpAsync(string volume, string target)
    {
        var (handling, path) = Split(target);
        using var output = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        return (await _backups.BackupAsync(volume, handling, output)).Digest;
    }

    private static VolumeRequest Bind(string name, string path) => new()
    {
        Name = name,
        Options = new Dictionary<string, string> { ["type"] = "none", ["o"] = "bind", ["device"] = path },
    };

    private async Task<string> RestoreAsync(string volume, string source)
    {
        var (handling, path) = Split(source);
        using var archive = File.OpenRead(path);
        var exists = (await _volumes.ListAsync()).Any(known => known.Name == volume);
        var request = new VolumeRestore { Volume = volume, Create = !exists, Replace = exists, Users = handling };
        return (await _backups.RestoreAsync(request, archive)).Digest;
    }

    private static (VolumeUserHandling Handling, string Path) Split(string words)
    {
        var parts = words.Split(' ', 2);
        return (Enum.Parse<VolumeUserHandling>(parts[0]), parts[1]);
    }

    private async Task<string> BuildAsync(string round, string path)
    {
        var request = new BuildRequest { Names = ["killed:1"], Arguments = new Dictionary<string, string?> { ["ROUND"] = round } };
        await using var context = File.OpenRead(path);
        var image = await services.GetRequiredService<IBuilder>().BuildAsync(request, context, new EventLines());
        Console.WriteLine($"built {image.Id}");
        return image.Id;
    }

    private async Task<string> ExecAsync(string container, string script)
    {
        var id = await _execs.CreateAsync(container, new ExecSpec { Command = ["sh", "-c", script] });
        await _execs.StartAsync(id, detach: true);
        return (await _execs.WaitAsync(id)).ToString(CultureInfo.InvariantCulture);
    }

    private async Task<string> ChurnAsync(int count)
    {
        for (var made = 0; made < count; made++)
        {
            var id = await RunAsync("No", "echo churned; exit 0");
            await _containers.RemoveAsync(id, force: true);
        }

        var files = Directory.GetFiles("/proc/self/fd").Length;

        // Not the total memory: while a collection runs in the background, that may even be less than nothing.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        var memory = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        var bytes = memory.HeapSizeBytes - memory.FragmentedBytes;
        return string.Create(CultureInfo.InvariantCulture, $"{files} {bytes} {Timer.ActiveCount}");
    }

    private sealed class EventLines : IProgress<BuildEvent>
    {
        public void Report(BuildEvent value) => Console.WriteLine($"{value.Kind} {value.Step}");
    }
}
