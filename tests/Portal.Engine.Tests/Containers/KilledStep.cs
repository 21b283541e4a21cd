using Portal.Engine.Containers;
using Portal.Engine.Events;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers;

/// <summary>A step that an engine is killed in, and what the engine after it must have made of it, wherever it was cut off.</summary>
/// <remarks>One for each try.</remarks>
internal sealed class KilledStep
{
    private const string Renamed = "renamed";
    private static readonly TimeSpan s_backOff = TimeSpan.FromSeconds(1);
    private readonly string _name;
    private readonly FakeEngine _engine;
    private readonly List<string> _begun = [];
    private string _steady = "";
    private string _id = "";

    public KilledStep(string name, FakeEngine engine)
    {
        (_name, _engine) = (name, engine);
        engine.Runtime.OnStart = id =>
        {
            lock (_begun)
            {
                _begun.Add(id);
            }

            return Task.CompletedTask;
        };
    }

    private bool IsPolicy => _name == "end by policy";

    private bool IsRemoval => _name.Contains("remov", StringComparison.Ordinal);

    /// <summary>Makes what the step is about, and one that has nothing to do with it.</summary>
    public async Task PrepareAsync()
    {
        _steady = (await _engine.Containers.CreateAsync(Spec("steady"))).Id;
        await _engine.Containers.StartAsync(_steady);
        if (_name == "create")
        {
            return;
        }

        _id = (await _engine.Containers.CreateAsync(Spec("victim"))).Id;
        if (_name != "start")
        {
            await _engine.Containers.StartAsync(_id);
        }

        if (_name == "remove")
        {
            await _engine.Containers.StopAsync(_id);
        }

        // What follows is later than this, as with any other clock.
        _engine.Time.Advance(s_backOff);
    }

    /// <summary>Does it; comes to no end when the engine is killed meanwhile.</summary>
    public Task RunAsync() => _name switch
    {
        "create" => _engine.Containers.CreateAsync(Spec("victim")),
        "start" => _engine.Containers.StartAsync(_id),
        "stop" => _engine.Containers.StopAsync(_id),
        "kill" => _engine.Containers.KillAsync(_id),
        "restart" => _engine.Containers.RestartAsync(_id),
        "remove" => _engine.Containers.RemoveAsync(_id, removeVolumes: true),
        "remove while it runs" => _engine.Containers.RemoveAsync(_id, force: true, removeVolumes: true),
        "pause" => _engine.Containers.PauseAsync(_id),
        "rename" => _engine.Containers.RenameAsync(_id, Renamed),
        "end" => EndAsync(ContainerState.Exited),
        "end with removal" => EndAsync(null),
        _ => RestartByPolicyAsync(),
    };

    /// <summary>Looks at it under an engine that nobody kills.</summary>
    /// <param name="died">False when the step had been done.</param>
    public async Task CheckAsync(bool died)
    {
        if (IsPolicy)
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    _engine.Time.Advance(s_backOff);
                    return await StateAsync() == ContainerState.Running;
                },
                "its policy acts");
        }
        else if (_name == "restart" && _begun.Count(id => id == _id) > 0)
        {
            await Eventually.HoldsAsync(async () => await StateAsync() is ContainerState.Running, "a restart is finished");
        }

        var all = await _engine.Containers.ListAsync();
        await CheckKernelAsync();
        Assert.Equal(ContainerState.Running, all.Single(container => container.Id == _steady).State);
        var victim = all.SingleOrDefault(container => container.Id != _steady);
        if (!died)
        {
            Assert.Equal(IsRemoval, victim is null);
        }

        // Only what was not there yet, or was on its way out, may be gone.
        Assert.True(victim is not null || IsRemoval || (died && _name == "create"), "the container is lost");
        if (victim is not null)
        {
            CheckState(victim, died);
            await CheckEventsAsync(victim);
        }
    }

    private static ContainerSpec WithRemoval(ContainerSpec spec) => spec with { AutoRemove = true };

    private ContainerSpec Spec(string name)
    {
        var spec = new ContainerSpec { Image = "busybox", Name = name, Volumes = ["/data"] };
        return name == "steady" ? spec
            : _name == "end with removal" ? WithRemoval(spec)
            : IsPolicy ? spec with { RestartPolicy = new RestartPolicy(RestartPolicyKind.Always) }
            : spec;
    }

    private async Task EndAsync(ContainerState? after)
    {
        _engine.Runtime.End(_id, 3);
        await UntilAsync(async () => await StateAsync() == after && await CountAsync(after is null ? "destroy" : "die") > 0);
    }

    private async Task RestartByPolicyAsync()
    {
        _engine.Runtime.End(_id, 3);
        await UntilAsync(() => Task.FromResult(_engine.Time.Waiting.Contains(TimeSpan.FromMilliseconds(100))));
        _engine.Time.Advance(s_backOff);
        await UntilAsync(async () => await CountAsync("start") > 1);
    }

    // An engine that is dead never comes to it.
    private Task UntilAsync(Func<Task<bool>> condition)
    {
        var kill = _engine.Kill!;
        return Eventually.HoldsAsync(async () => kill.Killed.IsCompleted || await condition(), $"'{_name}' is over");
    }

    private async Task<ContainerState?> StateAsync() =>
        (await _engine.Containers.ListAsync()).SingleOrDefault(container => container.Id == _id)?.State;

    private void CheckState(ContainerInfo victim, bool died)
    {
        ContainerState[] fitting = _name switch
        {
            "create" => [ContainerState.Created],
            "start" => [ContainerState.Created, ContainerState.Running],
            "stop" or "kill" or "remove while it runs" => [ContainerState.Running, ContainerState.Exited],
            "end" or "remove" => [ContainerState.Exited],
            "pause" => [ContainerState.Running, ContainerState.Paused],
            _ => [ContainerState.Running],
        };
        Assert.Contains(victim.State, fitting);
        Assert.Equal(died ? victim.State : fitting[^1], victim.State);
        var runs = _begun.Count(id => id == victim.Id);
        Assert.Equal(IsPolicy ? runs - 1 : 0, victim.RestartCount);
        if (victim.State == ContainerState.Exited)
        {
            Assert.Equal(_name == "end" ? 3 : _name is "stop" or "remove" ? 143 : 137, victim.ExitCode);
        }

        // The name that is asked for on the network is the container's.
        if (victim.Name == Renamed)
        {
            Assert.Contains((victim.Id, Renamed), _engine.Networks.Renames);
        }
    }

    /// <summary>What is outside the engine is what runs, and what containers have on the disk; nothing else.</summary>
    private async Task CheckKernelAsync()
    {
        var seen = "";
        bool IsInLine(IReadOnlyList<ContainerInfo> all)
        {
            var running = all.Where(container => container.State is ContainerState.Running or ContainerState.Paused).Select(c => c.Id);
            string wanted = Join(running), have = Join(all.Select(container => container.Id));
            var folders = Join(Directory.GetDirectories(Path.Combine(_engine.DataRoot, "containers")).Select(path => Path.GetFileName(path)));
            string[] found =
            [
                $"known {Join(_engine.Runtime.Known)}", $"attached {Join(_engine.Networks.Attached)}",
                $"mounted {Join(_engine.Snapshotter.Mounted)}", $"roots {Join(_engine.Snapshotter.Roots)}", $"folders {folders}",
                $"volumes {Directory.GetDirectories(Path.Combine(_engine.DataRoot, "volumes")).Length}",
            ];
            seen = string.Join("; ", found);
            return found.SequenceEqual(
            [
                $"known {wanted}", $"attached {wanted}", $"mounted {wanted}", $"roots {have}", $"folders {have}", $"volumes {all.Count}",
            ]);
        }

        try
        {
            await Eventually.HoldsAsync(async () => IsInLine(await _engine.Containers.ListAsync()), "the kernel is in line");
        }
        catch (TimeoutException)
        {
            Assert.Fail("Not in line: " + seen);
        }
    }

    private static string Join(IEnumerable<string> ids) => string.Join(' ', ids.Select(id => id[..6]).Order(StringComparer.Ordinal));

    /// <summary>Each run was told of once, and its end too.</summary>
    private async Task CheckEventsAsync(ContainerInfo victim)
    {
        _id = victim.Id;
        var runs = _begun.Count(id => id == victim.Id);
        var ends = runs - (victim.State is ContainerState.Running or ContainerState.Paused ? 1 : 0);
        (int, int, int) told = (await CountAsync("create"), await CountAsync("start"), await CountAsync("die"));
        Assert.Equal((1, runs, ends), told);
    }

    private async Task<int> CountAsync(string action)
    {
        var (last, count) = (_engine.Events.LastSequence, 0);
        await foreach (var item in _engine.Events.ReadAsync(0))
        {
            count += item.Type == EngineEventType.Container && item.Action == action && item.ActorId == _id ? 1 : 0;
            if (item.Sequence == last)
            {
                break;
            }
        }

        return count;
    }
}
