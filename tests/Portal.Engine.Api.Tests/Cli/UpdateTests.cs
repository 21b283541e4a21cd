namespace Portal.Engine.Api.Tests.Cli;

[Collection(EngineCollection.Name)]
public sealed class UpdateTests(EngineFixture engine) : IAsyncLifetime
{
    private readonly string _name = $"u{Guid.NewGuid():N}"[..12];

    private DockerCli Docker => engine.Docker;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Docker.RunAsync("rm", "--force", _name);

    [Fact]
    public async Task Update_Running_IsSeenInsideAtOnceAndByInspect()
    {
        await Docker.GetAsync("run", "--detach", "--name", _name, "--pids-limit", "50", "busybox", "sleep", "1000");
        Assert.Equal(_name, await Docker.GetAsync(
            "update", "--memory", "64m", "--memory-swap", "128m", "--pids-limit", "20", "--cpus", "0.5", "--restart", "on-failure:2", _name));

        Assert.Equal(
            $"{64 * 1024 * 1024} 20 500000000 on-failure 2",
            await Docker.GetAsync(
                "inspect",
                "--format",
                "{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.NanoCpus}} {{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}}",
                _name));
        var limits = await Docker.GetAsync(
            "exec", _name, "sh", "-c", "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/pids/pids.max 2>/dev/null || cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max");
        Assert.Equal($"{64 * 1024 * 1024}\n20", limits);

        await Docker.GetAsync("update", "--pids-limit", "-1", _name);
        Assert.Contains("max", await Docker.GetAsync(
            "exec", _name, "sh", "-c", "cat /sys/fs/cgroup/pids/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids.max"));
    }

    [Fact]
    public async Task Update_QuotaOfTime_IsSetAndLiftedWhileItRuns()
    {
        const string Read = "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null || cut -d' ' -f1 /sys/fs/cgroup/cpu.max";
        await Docker.GetAsync("run", "--detach", "--name", _name, "--cpu-quota", "-1", "busybox", "sleep", "1000");
        await Docker.GetAsync("update", "--cpu-quota", "50000", _name);
        Assert.Equal("50000", await Docker.GetAsync("exec", _name, "sh", "-c", Read));

        await Docker.GetAsync("update", "--cpu-quota", "-1", _name);
        Assert.Matches("^(-1|max)$", await Docker.GetAsync("exec", _name, "sh", "-c", Read));
    }

    [Fact]
    public async Task Update_Nonsense_IsRefusedInDockersWords()
    {
        await Docker.GetAsync("run", "--detach", "--rm", "--name", _name, "--memory", "50m", "busybox", "sleep", "1000");

        Assert.Contains("Minimum memory limit allowed is 6MB", await FailAsync("--memory", "1m"));
        Assert.Contains("Requested CPUs are not available - requested 8000, available: ", await FailAsync("--cpuset-cpus", "8000"));
        Assert.Contains("Memory limit should be smaller than already set memoryswap limit", await FailAsync("--memory", "200m"));
        Assert.Contains("Restart policy cannot be updated because AutoRemove is enabled for the container", await FailAsync("--restart", "always"));
        Assert.Contains("No such container: nosuch", (await Docker.RunAsync("update", "--cpu-shares", "512", "nosuch")).Error);
    }

    private async Task<string> FailAsync(params string[] options)
    {
        var result = await Docker.RunAsync(["update", .. options, _name]);
        Assert.Equal(1, result.ExitCode);
        return result.Error;
    }
}
