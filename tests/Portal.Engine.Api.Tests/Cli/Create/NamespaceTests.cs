namespace Portal.Engine.Api.Tests.Cli.Create;

/// <summary>Namespaces: of its own, the host's, and another container's.</summary>
public sealed class NamespaceTests(EngineFixture engine) : CreateTestBase(engine)
{
    [Fact]
    public async Task Sysctls_OfItsNamespaces_AreSetAndOthersRefused()
    {
        await using var box = await BoxAsync("--sysctl", "net.ipv4.ip_forward=1", "--sysctl", "kernel.msgmax=4242", "--sysctl",
            "net.core.somaxconn=99");

        Assert.Equal("1 4242 99",
            await box.ShellAsync("echo $(cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax /proc/sys/net/core/somaxconn)"));
        Assert.Equal("99", await box.InspectAsync("{{index .HostConfig.Sysctls \"net.core.somaxconn\"}}"));
        Assert.Contains("not allowed in host network namespace", await RefusedAsync("--net", "host", "--sysctl", "net.ipv4.ip_forward=1"));
        Assert.Contains("not allowed in the hosts ipc namespace", await RefusedAsync("--ipc", "host", "--sysctl", "kernel.msgmax=1"));
    }

    [Fact]
    public async Task Pid_HostAndContainers_AreSeen()
    {
        await using var box = await BoxAsync("--name", "pid-donor");
        await using var joined = await BoxAsync("--pid", "container:pid-donor");
        await using var host = await BoxAsync("--pid", "host");

        var donor = await box.InspectAsync("{{.Id}}");
        Assert.Equal($"container:{donor}", await joined.InspectAsync("{{.HostConfig.PidMode}}"));
        Assert.Equal("sleep", await joined.ShellAsync("cat /proc/1/comm"));
        Assert.Equal(await LinkAsync("/proc/self/ns/pid"), await host.ShellAsync("readlink /proc/self/ns/pid"));
        Assert.Equal(await box.ShellAsync("readlink /proc/self/ns/pid"), await joined.ShellAsync("readlink /proc/self/ns/pid"));
        Assert.NotEqual(await LinkAsync("/proc/self/ns/pid"), await box.ShellAsync("readlink /proc/self/ns/pid"));
    }

    [Fact]
    public async Task Pid_OfOneThatDoesNotRun_IsRefusedAtTheStart()
    {
        await using var donor = await BoxAsync("--name", "pid-stopped");
        await Docker.GetAsync("kill", "pid-stopped");
        await Docker.GetAsync("wait", "pid-stopped");

        var result = await Docker.RunAsync("run", "--rm", "--pid", "container:pid-stopped", "busybox", "true");

        Assert.Contains("cannot join PID of a non running container", result.Error);
        Assert.Contains("No such container: nobody", await RefusedAsync("--pid", "container:nobody"));
        Assert.Contains("invalid", await RefusedAsync("--pid", "nonsense"));
    }

    [Fact]
    public async Task Ipc_Modes_ShareWhatTheySay()
    {
        await using var donor = await BoxAsync("--name", "ipc-donor", "--ipc", "shareable", "--shm-size", "2m");
        await using var joined = await BoxAsync("--ipc", "container:ipc-donor");
        await using var closed = await BoxAsync("--name", "ipc-private");
        await using var none = await BoxAsync("--ipc", "none");
        await using var host = await BoxAsync("--ipc", "host");

        await donor.ShellAsync("echo shared > /dev/shm/x");
        Assert.Equal("shared", await joined.ShellAsync("cat /dev/shm/x"));
        Assert.Equal("2.0M", await joined.ShellAsync("df -h /dev/shm | tail -1 | awk '{print $2}'"));
        Assert.Equal(await donor.ShellAsync("readlink /proc/self/ns/ipc"), await joined.ShellAsync("readlink /proc/self/ns/ipc"));
        Assert.Equal("0", await none.ShellAsync("grep -c ' /dev/shm ' /proc/mounts; true"));
        Assert.Equal(await LinkAsync("/proc/self/ns/ipc"), await host.ShellAsync("readlink /proc/self/ns/ipc"));
        Assert.Equal("64.0M", await closed.ShellAsync("df -h /dev/shm | tail -1 | awk '{print $2}'"));
        Assert.Contains("non-shareable IPC", await RefusedAsync("--ipc", "container:ipc-private"));
    }

    [Fact]
    public async Task Ipc_Shareable_LeavesNoMountBehind()
    {
        await using (await BoxAsync("--name", "ipc-mount", "--ipc", "shareable"))
        {
            Assert.Contains(File.ReadLines("/proc/self/mountinfo"),
                line => line.Contains($"{Engine.Instance.RunRoot}/c/") && line.Contains("/shm "));
        }

        var id = await Docker.GetAsync("ps", "--all", "--quiet", "--filter", "name=ipc-mount");
        Assert.Equal("", id);
        Assert.DoesNotContain(
            Directory.EnumerateDirectories(Path.Combine(Engine.Instance.RunRoot, "c")),
            folder => Directory.Exists(Path.Combine(folder, "shm"))
                && File.ReadLines("/proc/self/mountinfo").Any(line => line.Contains(folder)));
    }

    [Fact]
    public async Task UtsAndCgroup_OfTheHost_AreTheHosts()
    {
        await using var host = await BoxAsync("--uts", "host", "--cgroupns", "host");
        await using var own = await BoxAsync("--cgroupns", "private", "--hostname", "named", "--domainname", "example.org");

        Assert.Equal(await LinkAsync("/proc/self/ns/uts"), await host.ShellAsync("readlink /proc/self/ns/uts"));
        Assert.Equal(Environment.MachineName, await host.ShellAsync("hostname"));
        Assert.Equal(await LinkAsync("/proc/self/ns/cgroup"), await host.ShellAsync("readlink /proc/self/ns/cgroup"));
        Assert.NotEqual(await LinkAsync("/proc/self/ns/cgroup"), await own.ShellAsync("readlink /proc/self/ns/cgroup"));
        Assert.Equal("named example.org", await own.ShellAsync("echo $(hostname) $(cat /proc/sys/kernel/domainname)"));
        Assert.Contains("conflicting options: hostname and the UTS mode", await RefusedAsync("--uts", "host", "--hostname", "x"));
    }
}
