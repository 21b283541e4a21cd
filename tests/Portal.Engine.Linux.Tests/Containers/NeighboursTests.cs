using System.Globalization;
using Portal.Engine.Containers;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Containers;

/// <summary>What a container sees of its neighbours and of the host: nothing.</summary>
public sealed class NeighboursTests(NeighboursTests.Fixture fixture) : IClassFixture<NeighboursTests.Fixture>
{
    private const string Marker = "98765";

    // What dockerd 20.10 with runc 1.1 shows of /proc and /sys to `docker run --network none`, by /proc/self/mountinfo: mount point,
    // and whether it is read-only or a mask. The cgroup trees beneath /sys/fs/cgroup are apart.
    private static readonly string[] s_dockers =
    [
        "/proc rw proc", "/proc/bus ro proc", "/proc/fs ro proc", "/proc/irq ro proc", "/proc/sys ro proc", "/proc/acpi masked",
        "/proc/keys masked", "/proc/timer_list masked", "/sys ro sysfs", "/sys/firmware masked",
    ];

    // What later versions of Docker hide besides (moby, oci/defaults.go), and what this kernel may have that the other had not.
    private static readonly string[] s_laterDockers =
    [
        "/proc/interrupts masked", "/proc/kcore masked", "/proc/latency_stats masked", "/proc/sched_debug masked",
        "/proc/sysrq-trigger ro proc", "/proc/asound masked", "/proc/scsi masked", "/sys/devices/virtual/powercap masked",
    ];

    private readonly KernelEngine _engine = fixture.Engine;

    [Fact]
    public async Task Proc_OfANeighbour_IsNotSeenAndCannotBeSignalled()
    {
        var neighbour = await _engine.Containers.InspectAsync(fixture.Neighbour);

        var (code, output) = await RunAsync(
            $"cat /proc/[0-9]*/cmdline | tr '\\0' ' '; kill -9 {neighbour.ProcessId.ToString(CultureInfo.InvariantCulture)}; echo; ls /proc | grep -c '^[0-9]'");

        Assert.Equal(0, code);
        Assert.DoesNotContain(Marker, output.Replace("kill -9", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.InRange(int.Parse(output.Trim().Split('\n')[^1], CultureInfo.InvariantCulture), 1, 5);
        Assert.Equal(ContainerState.Running, (await _engine.Containers.InspectAsync(fixture.Neighbour)).State);
    }

    [Fact]
    public async Task Mounts_OfANeighbourAndOfTheHost_AreNotSeen()
    {
        var (_, output) = await RunAsync("cat /proc/self/mountinfo; ls /dev/shm; ls /tmp");

        Assert.DoesNotContain(fixture.Neighbour, output, StringComparison.Ordinal);
        Assert.DoesNotContain(_engine.Instance.RunRoot, output, StringComparison.Ordinal);
        Assert.DoesNotContain("neighbours-file", output, StringComparison.Ordinal);

        // The fifth field: no place of the host's, and of the engine's own folders only the files that the container was given.
        Assert.DoesNotContain(
            output.Split('\n').Where(line => line.Split(' ').Length > 4), line => line.Split(' ')[4].StartsWith("/var", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Network_OfANeighbourAndOfTheHost_IsNotSeen()
    {
        var (_, output) = await RunAsync(
            "ls /sys/class/net | tr '\\n' ' '; cat /proc/net/tcp /proc/net/unix; nc -z 127.0.0.1 5432 && echo reached; true");
        var (_, none) = await RunAsync("ls /sys/class/net; cat /proc/net/route | wc -l", "none");

        Assert.StartsWith("eth0 lo ", output, StringComparison.Ordinal);
        Assert.DoesNotContain(":1538 ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("docker.sock", output, StringComparison.Ordinal);
        Assert.DoesNotContain("reached", output, StringComparison.Ordinal);
        Assert.Equal("lo\n1\n", none);
    }

    [Fact]
    public async Task Cgroups_OfANeighbour_AreNotSeen()
    {
        var (_, output) = await RunAsync("find /sys/fs/cgroup -name 'cgroup.procs' | head -n 100; cat /sys/fs/cgroup/*/cgroup.procs /sys/fs/cgroup/cgroup.procs 2>/dev/null | sort -u");

        Assert.Contains("cgroup.procs", output, StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Neighbour, output, StringComparison.Ordinal);
        Assert.DoesNotContain("monitors", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_OfTheHost_AreOnesOwnAndCannotBeChanged()
    {
        var (_, output) = await RunAsync("hostname; hostname other 2>&1; hostname");

        Assert.DoesNotContain(Environment.MachineName, output.Split('\n'));
        Assert.Contains("not permitted", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProcAndSys_MountsOfThem_AreDockers()
    {
        var (_, output) = await RunAsync("cat /proc/self/mountinfo");

        var seen = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(Describe)
            .Where(mount => mount.StartsWith("/proc", StringComparison.Ordinal) || mount.StartsWith("/sys", StringComparison.Ordinal))
            .Where(mount => !mount.StartsWith("/sys/fs/cgroup", StringComparison.Ordinal))
            .ToList();
        Assert.All(s_dockers.Where(mount => Exists(mount.Split(' ')[0])), mount => Assert.Contains(mount, seen));
        Assert.All(seen.Except(s_dockers), mount => Assert.Contains(mount, s_laterDockers));
    }

    [Fact]
    public async Task Cgroups_OwnTrees_AreReadOnly()
    {
        var (_, output) = await RunAsync("cat /proc/self/mountinfo");

        var trees = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Describe)
            .Where(mount => mount.EndsWith(" cgroup", StringComparison.Ordinal) || mount.EndsWith(" cgroup2", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(trees);
        Assert.All(trees, tree => Assert.Contains(" ro ", tree, StringComparison.Ordinal));
    }

    // 36 35 98:0 /root /mount/point rw,nosuid optional... - type source superoptions
    private static string Describe(string line)
    {
        var fields = line.Split(' ');
        var type = fields[Array.IndexOf(fields, "-") + 1];
        // A masked file is /dev/null, a masked folder is empty: runc has the first writable and the second not, crun both not.
        return type is "tmpfs" or "devtmpfs" ? $"{fields[4]} masked" : $"{fields[4]} {fields[5].Split(',')[0]} {type}";
    }

    private static bool Exists(string path) => Path.Exists(path);

    private async Task<(int ExitCode, string Output)> RunAsync(string script, string network = "bridge")
    {
        var id = await _engine.RunAsync("exec 2>&1; " + script, spec => spec with { NetworkMode = network });
        var code = await _engine.Containers.WaitAsync(id);
        var output = await _engine.LogAsync(id);
        await _engine.Containers.RemoveAsync(id, force: true);
        return (code, output);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public KernelEngine Engine { get; private set; } = null!;

        /// <summary>A container that has something to see of every kind.</summary>
        public string Neighbour { get; private set; } = "";

        public async Task InitializeAsync()
        {
            Engine = await KernelEngine.StartAsync();
            await Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);
        }

        public async Task DisposeAsync() => await Engine.DisposeAsync();

        private async Task BeginAsync()
        {
            Neighbour = await Engine.RunAsync(
                $"touch /dev/shm/neighbours-file /tmp/neighbours-file; nc -l -p 5432 -e true & echo ready; exec sleep {Marker}");
            await Eventually.HoldsAsync(async () => (await Engine.LogAsync(Neighbour)).Contains("ready"), "the neighbour is there");
        }
    }
}
