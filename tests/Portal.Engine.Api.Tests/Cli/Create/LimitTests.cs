namespace Portal.Engine.Api.Tests.Cli.Create;

/// <summary>Limits of resources.</summary>
public sealed class LimitTests(EngineFixture engine) : CreateTestBase(engine)
{
    [Fact]
    public async Task Ulimits_BelowTheHosts_AreTheProcessesAndItsExecs()
    {
        await using var box = await BoxAsync("--ulimit", "nofile=123:456", "--ulimit", "core=0");

        Assert.Equal("123 456", await box.ShellAsync("echo $(grep 'Max open files' /proc/1/limits | cut -c 27-60)"));
        Assert.Equal("456 0", await box.ShellAsync("echo $(ulimit -Hn) $(ulimit -c)"));
        Assert.Equal("[core=0:0 nofile=123:456]", await box.InspectAsync("{{.HostConfig.Ulimits}}"));
    }

    [Fact]
    public async Task Ulimits_AboveTheHosts_AreRefusedWithWhatIsAllowed()
    {
        var most = File.ReadAllText("/proc/sys/fs/nr_open").Trim();

        var error = await RefusedAsync("--ulimit", "nofile=4000000000:4000000000");

        Assert.Contains("ulimit nofile: the hard limit 4000000000 is above what this host allows", error);
        Assert.Contains("invalid ulimit type", await RefusedAsync("--ulimit", "nofiles=1"));
        Assert.NotEmpty(most);
    }

    [Fact]
    public async Task Limits_OfEveryKind_AreInTheCgroupAndInInspect()
    {
        await using var box = await BoxAsync(
            "--memory", "64m", "--memory-reservation", "32m", "--cpu-period", "50000", "--cpu-quota", "25000", "--cpu-shares", "512",
            "--cpuset-cpus", "0", "--cpuset-mems", "0", "--pids-limit", "77", "--oom-score-adj", "500");

        Assert.Equal("500", await box.ShellAsync("cat /proc/1/oom_score_adj"));
        Assert.Equal("0", await box.ShellAsync("grep Cpus_allowed_list /proc/self/status | cut -f 2"));
        Assert.Equal(
            "67108864 33554432 50000 25000 512 0 0 77 500",
            await box.InspectAsync("{{with .HostConfig}}{{.Memory}} {{.MemoryReservation}} {{.CpuPeriod}} {{.CpuQuota}} {{.CpuShares}} "
                + "{{.CpusetCpus}} {{.CpusetMems}} {{.PidsLimit}} {{.OomScoreAdj}}{{end}}"));
        if (!File.Exists("/sys/fs/cgroup/cgroup.controllers"))
        {
            Assert.Equal("25000 50000",
                await box.ShellAsync("echo $(cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.cfs_period_us)"));
            Assert.Equal("33554432", await box.ShellAsync("cat /sys/fs/cgroup/memory/memory.soft_limit_in_bytes"));
        }
    }

    [Fact]
    public async Task Limits_ThatAreNone_AreRefusedInDockersWords()
    {
        Assert.Contains("CPU cfs period can not be less than 1ms", await RefusedAsync("--cpu-period", "10"));
        Assert.Contains("Requested CPUs are not available - requested 999", await RefusedAsync("--cpuset-cpus", "999"));
        Assert.Contains("Invalid value x for cpuset cpus: invalid format: x", await RefusedAsync("--cpuset-cpus", "x"));
        Assert.Contains("Requested memory nodes are not available", await RefusedAsync("--cpuset-mems", "999"));
        Assert.Contains("range for oom score adj is [-1000, 1000]", await RefusedAsync("--oom-score-adj", "2000"));
        Assert.Contains("--storage-opt is supported only for overlay over xfs", await RefusedAsync("--storage-opt", "size=1G"));
        Assert.Contains("unknown or invalid runtime name: nope", await RefusedAsync("--runtime", "nope"));
        Assert.Contains("invalid CapAdd: unknown capability: \"CAP_NOPE\"", await RefusedAsync("--cap-add", "nope"));
        Assert.Contains("linux only supports 'default'", await RefusedAsync("--isolation", "hyperv"));
        Assert.Contains(
            "conflicting options: dns and the network mode", await RefusedAsync("--net", "container:nobody", "--dns", "1.1.1.1"));
    }

    [Fact]
    public async Task BlockIo_Limits_ReachTheKernel()
    {
        if (FindDisk() is not { } disk || File.Exists("/sys/fs/cgroup/cgroup.controllers"))
        {
            return;
        }

        await using var box = await BoxAsync("--device-write-bps", $"{disk}:1mb", "--device-read-iops", $"{disk}:50");

        Assert.EndsWith(" 1048576", await box.ShellAsync("cat /sys/fs/cgroup/blkio/blkio.throttle.write_bps_device"));
        Assert.EndsWith(" 50", await box.ShellAsync("cat /sys/fs/cgroup/blkio/blkio.throttle.read_iops_device"));
    }

    [Fact]
    public async Task CgroupParent_Named_HoldsTheContainer()
    {
        var parent = $"/{Engine.Instance.Name}x/inner";
        Engine.Instance.AlsoNamed($"{Engine.Instance.Name}x");
        await using (var box = await BoxAsync("--cgroup-parent", parent, "--memory", "32m"))
        {
            var id = await box.InspectAsync("{{.Id}}");
            Assert.Contains($"{parent}/{id}", File.ReadAllText($"/proc/{await box.InspectAsync("{{.State.Pid}}")}/cgroup"));
            Assert.Contains("sleep", await Docker.GetAsync("top", id));
            Assert.Contains("32MiB", await Docker.GetAsync("stats", "--no-stream", "--format", "{{.MemUsage}}", id));
        }

        Assert.DoesNotContain(Find("/sys/fs/cgroup", parent), folder => Directory.EnumerateDirectories(folder).Any());
    }

    private static string? FindDisk()
    {
        return Directory.EnumerateFiles("/dev").FirstOrDefault(path => Path.GetFileName(path) is "vda" or "sda" or "nvme0n1" or "loop0");
    }

    private static IEnumerable<string> Find(string root, string path)
    {
        // A folder is a cgroup where the kernel put files into it; crun makes plain ones where a version 2 tree was unmounted.
        return Directory.EnumerateDirectories(root).Select(tree => tree + path).Append(root + path)
            .Where(folder => File.Exists(Path.Combine(folder, "cgroup.procs")));
    }
}
