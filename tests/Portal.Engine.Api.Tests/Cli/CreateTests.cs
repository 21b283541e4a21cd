using System.Text.Json.Nodes;
using Portal.Testing.Processes;

namespace Portal.Engine.Api.Tests.Cli;

/// <summary>What the stock CLI's flags mean, looked at from inside.</summary>
[Collection(EngineCollection.Name)]
public sealed class CreateTests(EngineFixture engine)
{
    private DockerCli Docker => engine.Docker;

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
    public async Task Devices_Mapped_AreThereWithTheirPermissions()
    {
        await using var box = await BoxAsync("--device", "/dev/kmsg:/dev/log-of-host:r", "--device-cgroup-rule", "c 1:9 r");
        await using var ruled = await BoxAsync("--cap-add", "SYSLOG", "--device-cgroup-rule", "c 1:11 r");
        await using var plain = await BoxAsync("--cap-add", "SYSLOG");

        Assert.Equal("1:b", await box.ShellAsync("stat -c %t:%T /dev/log-of-host"));
        Assert.Contains("Operation not permitted", await box.ShellAsync("(echo x > /dev/log-of-host) 2>&1; true"));
        Assert.Equal("open", await ruled.ShellAsync("mknod /tmp/k c 1 11; (: < /tmp/k) 2>&1 && echo open"));
        Assert.Contains("Operation not permitted", await plain.ShellAsync("mknod /tmp/k c 1 11; (: < /tmp/k) 2>&1; true"));
        Assert.Equal("[{/dev/kmsg /dev/log-of-host r}] [c 1:9 r]",
            await box.InspectAsync("{{.HostConfig.Devices}} {{.HostConfig.DeviceCgroupRules}}"));
    }

    [Fact]
    public async Task Devices_Missing_AreDockersErrorAtTheStart()
    {
        var result = await Docker.RunAsync("run", "--rm", "--device", "/dev/no-such", "busybox", "true");

        Assert.Equal(127, result.ExitCode);
        Assert.Contains("error gathering device information while adding custom device \"/dev/no-such\": no such file or directory",
            result.Error);
    }

    [Fact]
    public async Task Gpus_WithoutAny_NamesWhatIsMissing()
    {
        var result = await Docker.RunAsync("run", "--rm", "--gpus", "all", "busybox", "true");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("could not select device driver \"\" with capabilities: [[gpu]]", result.Error);
        Assert.Contains("nvidia.com/gpu", result.Error);
        Assert.Contains("NVIDIA Container Toolkit", result.Error);
    }

    [Fact]
    public async Task CdiDevices_OfASpecification_AreThere()
    {
        var folder = Directory.CreateDirectory(engine.Instance.TempPath("cdi")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "vendor.yaml"),
            """
            cdiVersion: "0.6.0"
            kind: example.com/harmless
            devices:
            - name: one
              containerEdits:
                env: [ "HARMLESS=one" ]
                deviceNodes:
                - { path: /dev/harmless, hostPath: /dev/zero, permissions: r }
                mounts:
                - { hostPath: /etc/hostname, containerPath: /vendor/name, options: [ ro, bind ] }
            """);
        await using var box = await BoxAsync("--device", "example.com/harmless=one");

        Assert.Equal("3", await box.ShellAsync("head -c 3 /dev/harmless | wc -c"));
        Assert.Equal("one", await box.ShellAsync("tr '\\0' '\\n' < /proc/1/environ | grep HARMLESS | cut -d = -f 2"));
        Assert.Equal(File.ReadAllText("/etc/hostname").Trim(), await box.ShellAsync("cat /vendor/name"));
        Assert.Equal(
            "cdi [example.com/harmless=one]",
            await box.InspectAsync("{{with index .HostConfig.DeviceRequests 0}}{{.Driver}} {{.DeviceIDs}}{{end}}"));
        var missing = await Docker.RunAsync("run", "--rm", "--device", "example.com/harmless=two", "busybox", "true");
        Assert.Contains("unresolvable CDI devices example.com/harmless=two", missing.Error);
    }

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
                line => line.Contains($"{engine.Instance.RunRoot}/c/") && line.Contains("/shm "));
        }

        var id = await Docker.GetAsync("ps", "--all", "--quiet", "--filter", "name=ipc-mount");
        Assert.Equal("", id);
        Assert.DoesNotContain(
            Directory.EnumerateDirectories(Path.Combine(engine.Instance.RunRoot, "c")),
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

    [Fact]
    public async Task Groups_Added_AreTheProcessesAndItsExecs()
    {
        await using var box = await BoxAsync("--user", "65534", "--group-add", "4711", "--group-add", "root");

        Assert.Equal("0 4711 65534", await box.ShellAsync("grep Groups /proc/1/status | cut -f 2 | xargs"));
        Assert.Equal("0 4711 65534", await box.ShellAsync("grep Groups /proc/self/status | cut -f 2 | xargs"));
        var missing = await Docker.RunAsync("run", "--rm", "--group-add", "nobodys", "busybox", "true");
        Assert.Contains("nable to find group nobodys: no matching entries in group file", missing.Error);
    }

    [Fact]
    public async Task VolumesFrom_Others_HaveTheirMounts()
    {
        await using var donor = await BoxAsync("--name", "vf-donor", "-v", "vf-named:/data", "-v", $"{engine.Instance.TempRoot}:/host",
            "--tmpfs", "/t");
        await using var taker = await BoxAsync("--volumes-from", "vf-donor:ro", "--tmpfs", "/own");
        await donor.ShellAsync("echo there > /data/x");

        Assert.Equal("there", await taker.ShellAsync("cat /data/x"));
        Assert.Contains("Read-only", await taker.ShellAsync("touch /data/y 2>&1; true"));
        Assert.Equal("[vf-donor:ro]", await taker.InspectAsync("{{.HostConfig.VolumesFrom}}"));
        Assert.Contains("No such container: nobody", await RefusedAsync("--volumes-from", "nobody"));
        Assert.Contains("invalid mode: bad", await RefusedAsync("--volumes-from", "vf-donor:bad"));
    }

    [Fact]
    public async Task Links_ToOthers_AreNamesInHosts()
    {
        await using var donor = await BoxAsync("--name", "link-donor", "--expose", "80", "-e", "COLOR=red");
        await using var taker = await BoxAsync("--name", "link-taker", "--link", "link-donor:db", "-e", "DB_ENV_COLOR=own");
        var address = await donor.InspectAsync("{{.NetworkSettings.IPAddress}}");

        Assert.StartsWith($"{address}\tdb ", await taker.ShellAsync("grep -w db /etc/hosts"));
        Assert.Equal(
            $"DB_ENV_COLOR=own\nDB_NAME=/link-taker/db\nDB_PORT=tcp://{address}:80",
            await taker.ShellAsync("env | grep -E '^DB_(ENV_COLOR|NAME|PORT)=' | sort"));
        Assert.Contains(
            $"DB_PORT_80_TCP_ADDR={address}", await taker.ShellAsync("tr '\\0' '\\n' < /proc/1/environ"), StringComparison.Ordinal);
        Assert.Equal("[/link-donor:/link-taker/db]", await taker.InspectAsync("{{.HostConfig.Links}}"));
        await Docker.GetAsync("restart", "--time", "0", "link-donor");
        var after = await donor.InspectAsync("{{.NetworkSettings.IPAddress}}");
        Assert.StartsWith($"{after}\tdb ", await taker.ShellAsync("grep -w db /etc/hosts"));
        Assert.Contains("could not get container for nobody", await RefusedAsync("--link", "nobody:x"));
        Assert.Contains("host type networking can't be used with links", await RefusedAsync("--net", "host", "--link", "link-donor:x"));
    }

    [Fact]
    public async Task Mounts_WithOptions_AreAsAsked()
    {
        var source = Directory.CreateDirectory(engine.Instance.TempPath("mounted")).FullName;
        var inner = Directory.CreateDirectory(Path.Combine(source, "inner")).FullName;
        await Tool.RunAsync("mount", "-t", "tmpfs", "none", inner);
        engine.Instance.OnDispose(() => Tool.RunAsync("umount", inner));
        await using var box = await BoxAsync(
            "--mount", $"type=bind,source={source},target=/ro,readonly",
            "--mount", $"type=bind,source={source},target=/flat,bind-recursive=disabled",
            "--mount", $"type=bind,source={source},target=/outer-ro,readonly,bind-recursive=writable",
            "--mount", "type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=0700",
            "--mount", "type=volume,source=labelled,target=/v,volume-label=a=b,volume-nocopy",
            "--tmpfs", "/x:exec,size=64k");

        Assert.Contains("Read-only", await box.ShellAsync("touch /ro/x 2>&1; true"));
        Assert.Contains("Read-only", await box.ShellAsync("touch /ro/inner/x 2>&1; true"));
        Assert.Equal("0", await box.ShellAsync("grep -c ' /flat/inner ' /proc/mounts; true"));
        Assert.Contains("Read-only", await box.ShellAsync("touch /outer-ro/x 2>&1; true"));
        Assert.Equal("", await box.ShellAsync("touch /outer-ro/inner/x 2>&1; true"));
        Assert.Equal("700 1.0M", await box.ShellAsync("echo $(stat -c %a /t) $(df -h /t | tail -1 | awk '{print $2}')"));
        Assert.Equal("0", await box.ShellAsync("grep ' /x ' /proc/mounts | grep -c noexec; true"));
        Assert.Equal("map[a:b]", await Docker.GetAsync("volume", "inspect", "--format", "{{.Labels}}", "labelled"));
        Assert.Equal("bind bind bind tmpfs volume",
            await box.InspectAsync("{{range $i, $m := .HostConfig.Mounts}}{{if $i}} {{end}}{{$m.Type}}{{end}}"));
    }

    [Fact]
    public async Task Mounts_Shared_PassOnToTheHost()
    {
        var source = Directory.CreateDirectory(engine.Instance.TempPath("shared")).FullName;
        await Tool.RunAsync("mount", "-t", "tmpfs", "none", source);
        engine.Instance.OnDispose(() => Tool.RunAsync("umount", "--recursive", source));
        var refused = await Docker.RunAsync("run", "--rm", "-v", $"{source}:/s:rshared", "busybox", "true");
        Assert.Contains("but it is not a shared mount", refused.Error);
        await Tool.RunAsync("mount", "--make-shared", source);
        await using var box = await BoxAsync("--cap-add", "SYS_ADMIN", "-v", $"{source}:/s:rshared");

        await box.ShellAsync("mkdir /s/in && mount -t tmpfs none /s/in && touch /s/in/seen");

        Assert.True(File.Exists(Path.Combine(source, "in/seen")));
        Assert.Equal("rshared", await box.InspectAsync("{{(index .Mounts 0).Propagation}}"));
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
    public async Task Security_OptionsOfTheCli_AreFollowed()
    {
        var profile = engine.Instance.TempPath("profile.json");
        File.WriteAllText(profile,
            """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":28}]}""");
        await using var box = await BoxAsync("--security-opt", $"seccomp={profile}", "--security-opt", "no-new-privileges");
        await using var open = await BoxAsync("--security-opt", "systempaths=unconfined", "--security-opt", "seccomp=unconfined",
            "--security-opt", "label=disable");

        Assert.Contains("No space left on device", await box.ShellAsync("mkdir /x 2>&1; true"));
        Assert.Equal("1", await box.ShellAsync("grep NoNewPrivs /proc/self/status | cut -f 2"));
        Assert.Equal("0", await open.ShellAsync("grep -c ' /proc/' /proc/mounts; true"));
        Assert.Equal("0", await open.ShellAsync("grep Seccomp: /proc/self/status | cut -f 2"));
        Assert.Equal("[] []", await open.InspectAsync("{{.HostConfig.MaskedPaths}} {{.HostConfig.ReadonlyPaths}}"));
        Assert.Contains("/proc/kcore", await box.InspectAsync("{{.HostConfig.MaskedPaths}}"));
        Assert.Contains("invalid --security-opt", await RefusedAsync("--security-opt", "nonsense=1"));
    }

    [Fact]
    public async Task CgroupParent_Named_HoldsTheContainer()
    {
        var parent = $"/{engine.Instance.Name}x/inner";
        engine.Instance.AlsoNamed($"{engine.Instance.Name}x");
        await using (var box = await BoxAsync("--cgroup-parent", parent, "--memory", "32m"))
        {
            var id = await box.InspectAsync("{{.Id}}");
            Assert.Contains($"{parent}/{id}", File.ReadAllText($"/proc/{await box.InspectAsync("{{.State.Pid}}")}/cgroup"));
            Assert.Contains("sleep", await Docker.GetAsync("top", id));
            Assert.Contains("32MiB", await Docker.GetAsync("stats", "--no-stream", "--format", "{{.MemUsage}}", id));
        }

        Assert.DoesNotContain(Find("/sys/fs/cgroup", parent), folder => Directory.EnumerateDirectories(folder).Any());
    }

    [Fact]
    public async Task Init_Asked_IsProcessOneAndReaps()
    {
        await using var box = await BoxAsync("--init");

        Assert.Equal("docker-init", await box.ShellAsync("cat /proc/1/comm"));
        await box.ShellAsync("(sleep 0 & exec sleep 0.01) & sleep 0.1; true");
        Assert.Equal("true", await box.InspectAsync("{{.HostConfig.Init}}"));
    }

    [Fact]
    public async Task Addresses_Asked_AreUsed()
    {
        await using var box = await BoxAsync(
            "--mac-address", "02:42:ac:11:00:99", "--add-host", "gate:host-gateway", "--add-host", "fixed:10.1.2.3", "--dns", "9.9.9.9",
            "--dns-search", "example.org", "--dns-option", "ndots:3", "--annotation", "org.example.a=b", "--stop-signal", "USR1",
            "--stop-timeout", "7");

        Assert.Equal("02:42:ac:11:00:99", await box.ShellAsync("cat /sys/class/net/eth0/address"));
        Assert.Equal("10.1.2.3", await box.ShellAsync("grep -w fixed /etc/hosts | cut -f 1"));
        Assert.Equal(await box.InspectAsync("{{.NetworkSettings.Gateway}}"), await box.ShellAsync("grep -w gate /etc/hosts | cut -f 1"));
        Assert.Equal("nameserver 9.9.9.9 search example.org options ndots:3",
            await box.ShellAsync("echo $(grep -v '^#' /etc/resolv.conf)"));
        Assert.Equal("b USR1 7",
            await box.InspectAsync("{{index .HostConfig.Annotations \"org.example.a\"}} {{.Config.StopSignal}} {{.Config.StopTimeout}}"));
    }

    [Fact]
    public async Task Runtime_ByName_RunsTheContainer()
    {
        await using var box = await BoxAsync("--runtime", "runc");

        Assert.Equal("runc", await box.InspectAsync("{{.HostConfig.Runtime}}"));
        await Docker.GetAsync("pause", box.Id);
        await Docker.GetAsync("unpause", box.Id);
    }

    [Fact]
    public async Task Terminal_FirstSize_IsTheClients()
    {
        var id = await Docker.GetAsync("create", "--tty", "busybox", "true");

        var inspected = JsonNode.Parse(await Docker.GetAsync("inspect", id))![0]!;

        Assert.Equal(2, inspected["HostConfig"]!["ConsoleSize"]!.AsArray().Count);
        await Docker.GetAsync("rm", id);
    }

    private async Task<Box> BoxAsync(params string[] options)
    {
        return new Box(Docker, await Docker.GetAsync(["run", "--detach", .. options, "busybox", "sleep", "1000"]));
    }

    private async Task<string> RefusedAsync(params string[] options)
    {
        var result = await Docker.RunAsync(["create", .. options, "busybox", "true"]);
        Assert.True(result.ExitCode != 0, $"create {string.Join(' ', options)} was not refused: {result.Output}");
        return result.Error;
    }

    private static async Task<string> LinkAsync(string path) => (await Tool.RunAsync("readlink", path)).Trim();

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

    private sealed class Box(DockerCli docker, string id) : IAsyncDisposable
    {
        public string Id => id;

        public Task<string> ShellAsync(string script) => docker.GetAsync("exec", id, "sh", "-c", script);

        public Task<string> InspectAsync(string format) => docker.GetAsync("inspect", "--format", format, id);

        public async ValueTask DisposeAsync() => await docker.GetAsync("rm", "--force", "--volumes", id);
    }
}
