using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Contracts.Hubs;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Support;

/// <summary>A fleet that a test sets.</summary>
public sealed class FakeFleet : IFleet
{
    private readonly List<Channel<FleetState>> _watchers = [];
    private volatile FleetState _current = FleetState.Empty;

    public FleetState Current => _current;

    public int Watchers
    {
        get
        {
            lock (_watchers)
            {
                return _watchers.Count;
            }
        }
    }

    /// <summary>Adds or replaces nodes.</summary>
    public void Set(params NodeState[] nodes)
    {
        lock (_watchers)
        {
            _current = new FleetState(_current.Version + 1, _current.Nodes.SetItems(nodes.Select(node => KeyValuePair.Create(node.Id, node))));
            _watchers.ForEach(watcher => watcher.Writer.TryWrite(_current));
        }
    }

    /// <summary>Takes a node away.</summary>
    public void Remove(Guid id)
    {
        lock (_watchers)
        {
            _current = new FleetState(_current.Version + 1, _current.Nodes.Remove(id));
            _watchers.ForEach(watcher => watcher.Writer.TryWrite(_current));
        }
    }

    public async IAsyncEnumerable<FleetState> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<FleetState>();
        lock (_watchers)
        {
            _watchers.Add(channel);
            channel.Writer.TryWrite(_current);
        }

        try
        {
            await foreach (var state in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return state;
            }
        }
        finally
        {
            lock (_watchers)
            {
                _watchers.Remove(channel);
            }
        }
    }

    /// <summary>A node that is online, with two containers: one runs, one failed.</summary>
    public static NodeState Node(string name, double cpu = 0.2)
    {
        var now = TimeProvider.System.GetUtcNow();
        var samples = Enumerable.Range(0, 60)
            .Select(i => new NodeSample(
                now.AddSeconds((i - 60) * 5), Math.Clamp(cpu + (Math.Sin(i / 5.0) * 0.1), 0, 1), cpu * 4, 16L << 30, (long)(0.4 * (16L << 30)), 100L << 30, 71L << 30))
            .ToArray();
        ContainerView[] containers =
        [
            new() { Id = new string('a', 64), Name = "web", Image = "nginx:1.27", State = "running", Created = now.AddHours(-5), StartedAt = now.AddHours(-5), Ports = ["0.0.0.0:8080->80/tcp"] },
            new() { Id = new string('b', 64), Name = "job", Image = "busybox", State = "exited", ExitCode = 1, Created = now.AddHours(-2), FinishedAt = now.AddMinutes(-7) },
        ];
        return new NodeState
        {
            Id = Guid.CreateVersion7(),
            Name = name,
            Presence = NodePresence.Online,
            Since = now.AddHours(-9),
            Latency = TimeSpan.FromMilliseconds(0.4),
            Facts = new NodeFacts
            {
                Hostname = name,
                OperatingSystem = "Debian GNU/Linux 12 (bookworm)",
                KernelVersion = "6.1.0-31-amd64",
                Architecture = "amd64",
                Cpus = 4,
                MemoryBytes = 16L << 30,
                AgentVersion = "0.1.0",
                Runtime = "crun 1.8.1",
                MonitorVersion = "conmon 2.1.6",
                CgroupVersion = "2",
                InstanceName = "portal",
                DockerSocket = "/run/portal/docker.sock",
                BootedAt = now.AddDays(-3),
            },
            Sample = samples[^1],
            History = [.. samples],
            Containers = containers.ToImmutableDictionary(container => container.Id),
        };
    }
}
