using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Tests.Runtime;

/// <summary>Looks at a container from the inside.</summary>
public sealed class IsolationTests : IAsyncLifetime
{
    private RuntimeBench _bench = null!;

    public async Task InitializeAsync() => _bench = await RuntimeBench.CreateAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Capabilities_Default_AreDockers()
    {
        var status = await StatusAsync(_bench.DescribeShell("cat /proc/self/status"));

        Assert.Equal("0000000000000000", status["CapInh"]);
        Assert.Equal("00000000a80425fb", status["CapPrm"]);
        Assert.Equal("00000000a80425fb", status["CapEff"]);
        Assert.Equal("00000000a80425fb", status["CapBnd"]);
        Assert.Equal("0000000000000000", status["CapAmb"]);
        Assert.Equal("0", status["NoNewPrivs"]);
        Assert.Equal("2", status["Seccomp"]);
    }

    [Fact]
    public async Task Capabilities_AddedAndDropped_Follow()
    {
        var status = await StatusAsync(_bench.DescribeShell("cat /proc/self/status") with
        {
            CapabilitiesToAdd = ["net_admin"],
            CapabilitiesToDrop = ["ALL"],
            SecurityOptions = ["no-new-privileges", "seccomp=unconfined"],
        });

        Assert.Equal("0000000000001000", status["CapEff"]);
        Assert.Equal("1", status["NoNewPrivs"]);
        Assert.Equal("0", status["Seccomp"]);
    }

    [Fact]
    public async Task Mark_OfContainers_IsThereAndFollowsNoLink()
    {
        var (_, found) = await _bench.RunAsync(_bench.DescribeShell("stat -c '%F %a %u' /.dockerenv"));
        Assert.Equal("regular empty file 755 0\n", found);

        var outside = Path.Combine(Path.GetDirectoryName(_bench.Root)!, "outside");
        File.Delete(Path.Combine(_bench.Root, ".dockerenv"));
        File.CreateSymbolicLink(Path.Combine(_bench.Root, ".dockerenv"), outside);
        await _bench.RunAsync(_bench.DescribeShell("true"));
        Assert.False(File.Exists(outside));
    }

    [Fact]
    public async Task Mounts_ByTheirOldName_AreAsTheKernelTellsThem()
    {
        var settings = Directory.CreateDirectory(Path.Combine(_bench.Root, "etc")).FullName;
        var time = DateTime.UnixEpoch.AddDays(12_000);
        Directory.SetLastWriteTimeUtc(settings, time);

        var (_, found) = await _bench.RunAsync(_bench.DescribeShell("readlink /etc/mtab; grep -c ' / ' /etc/mtab"));

        Assert.Equal("/proc/mounts\n1\n", found);
        Assert.Equal(time, Directory.GetLastWriteTimeUtc(settings));

        // An image that has a file of its own keeps it, and a folder that leads elsewhere gets none there.
        var own = Path.Combine(settings, "mtab");
        File.Delete(own);
        await File.WriteAllTextAsync(own, "mine");
        await _bench.RunAsync(_bench.DescribeShell("true"));
        Assert.Equal("mine", await File.ReadAllTextAsync(own));
        var outside = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_bench.Root)!, "elsewhere")).FullName;
        Directory.Move(settings, settings + "-old");
        Directory.CreateSymbolicLink(settings, outside);
        await _bench.RunAsync(_bench.DescribeShell("true"));
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public async Task Devices_NodesOfOnesOwn_OpenWhereTheRulesSay()
    {
        // 10:200 is tun, 1:1 the machine's memory, 254:0 and 8:0 disks.
        var (_, output) = await _bench.RunAsync(_bench.DescribeShell(
            "for d in 'c 10 200' 'c 1 1' 'c 1 2' 'b 8 0' 'b 254 0' 'c 10 229' 'c 1 11'; do rm -f /n; mknod /n $d; echo \"$d $(cat /n 2>&1 < /dev/null)\"; done"));

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, lines.Length);
        Assert.DoesNotContain("Operation not permitted", lines[0]);
        Assert.All(lines[1..], line => Assert.Contains("Operation not permitted", line));
    }

    [Theory]
    [InlineData("no-new-privileges", true)]
    [InlineData("no-new-privileges=false", false)]
    public async Task NoNewPrivileges_SetUserIdProgram_GainsNothingByIt(string option, bool isDenied)
    {
        var program = Path.Combine(_bench.Root, "bin/set-user-id");
        File.Copy("/bin/busybox", program);
        await Portal.Testing.Processes.Tool.RunAsync("chmod", "4755", program);

        // Most of busybox gives such privileges up at once; su(1) insists on them.
        var container = _bench.DescribeShell("exec -a su /bin/set-user-id -c true root 2>&1") with { SecurityOptions = [option] };

        var (_, output) = await _bench.RunAsync(container with { Process = container.Process with { User = "ann" } });

        Assert.NotEqual("", output);
        Assert.Equal(isDenied, output.Contains("must be suid"));
    }

    [Fact]
    public async Task Capabilities_OfAUser_AreOnlyAHull()
    {
        var container = _bench.DescribeShell("cat /proc/self/status");
        var status = await StatusAsync(container with { Process = container.Process with { User = "ann" } });

        Assert.Equal("0000000000000000", status["CapEff"]);
        Assert.Equal("00000000a80425fb", status["CapBnd"]);
        Assert.Equal("1000 1000 1000 1000", status["Uid"].Replace('\t', ' '));
    }

    [Theory]
    [InlineData("unshare -m true")]
    [InlineData("mount -t tmpfs none /tmp")]
    [InlineData("chroot . true", "SYS_CHROOT")]
    public async Task Seccomp_Default_DeniesWhatNeedsMoreCapabilities(string command, string? withoutCapability = null)
    {
        var container = _bench.DescribeShell($"exec 2>&1; {command}; echo code $?") with
        {
            CapabilitiesToDrop = withoutCapability is null ? [] : [withoutCapability],
        };

        var (_, output) = await _bench.RunAsync(container);

        Assert.Matches("not permitted|permission denied", output);
        Assert.DoesNotContain("code 0", output);
    }

    [Fact]
    public async Task Seccomp_Default_AloneDeniesUserNamespaces()
    {
        // The kernel itself lets anybody make a user namespace: without the filter it works.
        var (denied, _) = await _bench.RunAsync(_bench.Describe("unshare", "-U", "true"));
        var (allowed, _) = await _bench.RunAsync(_bench.Describe("unshare", "-U", "true") with { SecurityOptions = ["seccomp=unconfined"] });

        Assert.Equal((1, 0), (denied.ExitCode, allowed.ExitCode));
    }

    [Fact]
    public async Task Seccomp_OwnProfile_IsFollowed()
    {
        const string Profile = """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":28}]}""";
        var (exit, output) = await _bench.RunAsync(_bench.Describe("mkdir", "/tmp/x") with { SecurityOptions = [$"seccomp={Profile}"] });

        Assert.Equal(1, exit.ExitCode);
        Assert.Contains("No space left on device", output);
    }

    [Fact]
    public async Task Paths_MaskedAndReadOnly_AsDockerHasThem()
    {
        var cgroup = File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "/sys/fs/cgroup/x" : "/sys/fs/cgroup/pids/x";
        var (_, output) = await _bench.RunAsync(_bench.DescribeShell(
            "exec 2>&1; wc -c < /proc/timer_list; wc -c < /proc/interrupts; ls /sys/firmware | wc -l; echo 1 > /proc/sys/kernel/domainname; "
            + $"mkdir {cgroup}; grep -c ' /dev/shm .*size=65536k' /proc/mounts"));

        var lines = output.Split('\n');
        Assert.Equal(["0", "0", "0"], lines[..3]);
        Assert.Contains(lines, line => line.Contains("/proc/sys/kernel/domainname: Read-only file system"));
        Assert.Contains(lines, line => line.Contains($"'{cgroup}': Read-only file system"));
        Assert.Contains("1", lines[^2]);
    }

    [Fact]
    public async Task Devices_Default_AreUsableAndNoOthers()
    {
        var (_, output) = await _bench.RunAsync(_bench.DescribeShell(
            "exec 2>&1; ls /dev | tr '\\n' ' '; echo; head -c 1 /dev/zero | wc -c; mknod /tmp/mem c 1 1 && head -c 1 /tmp/mem; echo; echo x > /dev/full"));

        foreach (var name in new[] { "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "tty", "urandom", "zero" })
        {
            Assert.Contains($"{name} ", output);
        }

        Assert.Contains("\n1\n", output);
        Assert.Contains("/tmp/mem: Operation not permitted", output);
        Assert.Contains("No space left on device", output);
    }

    [Fact]
    public async Task Descriptors_OfTheAgent_DoNotLeakIn()
    {
        // A file without close-on-exec stands for what a native library of the agent may have open.
        using var leak = new Leak("/etc");
        var id = await _bench.StartAsync(_bench.DescribeShell("ls -l /proc/1/fd; sleep 1000"));
        await RuntimeBench.UntilAsync(() => _bench.ReadLog(id).Split('\n').Length > 4, "the list is written");
        var (_, inside, _) = await _bench.ExecAsync(_bench.DescribeExec(id, "ls", "-l", "/proc/self/fd"));
        var monitor = int.Parse(File.ReadAllText(Path.Combine(_bench.RunRoot, "c", id, "monitor")));
        var ofMonitor = Directory.GetFiles($"/proc/{monitor}/fd").Select(file => File.ResolveLinkTarget(file, false)!.FullName);

        Assert.DoesNotContain(ofMonitor, target => target == "/etc");
        foreach (var list in new[] { _bench.ReadLog(id), inside })
        {
            var targets = list.Split('\n').Where(line => line.Contains("->")).Select(line => line.Split("-> ")[1]).ToList();
            Assert.InRange(targets.Count, 3, 4);
            Assert.All(targets, target => Assert.Matches(@"^(/dev/null|pipe:\[\d+\]|/proc/\d+/fd)$", target));
        }
    }

    [Fact]
    public async Task Namespaces_OtherProcessesAndMounts_AreNotSeen()
    {
        var container = _bench.DescribeShell("ls -d /proc/[0-9]* | wc -l; hostname; cat /proc/mounts") with
        {
            Domainname = "example.org",
            Mounts = [new RuntimeMount("bind", "/etc/hostname", "/etc/hostname", ["bind", "ro"])],
        };
        var (_, output) = await _bench.RunAsync(container);

        var lines = output.Split('\n');
        Assert.InRange(int.Parse(lines[0]), 1, 4);
        Assert.Equal("test", lines[1]);
        Assert.DoesNotContain(_bench.RunRoot, output);
        Assert.Contains(lines, line => line.Contains(" /etc/hostname ") && line.Contains("ro,"));
    }

    [Fact]
    public async Task Root_ReadOnly_CannotBeWritten()
    {
        var (exit, output) = await _bench.RunAsync(_bench.Describe("touch", "/x") with { ReadOnlyRoot = true });

        Assert.Equal(1, exit.ExitCode);
        Assert.Contains("Read-only file system", output);
    }

    [Fact]
    public async Task Privileged_HasAllCapabilitiesAndDevices()
    {
        var container = _bench.DescribeShell("cat /proc/self/status; mount -t tmpfs none /tmp && echo mounted; ls /dev/kmsg") with { Privileged = true };

        var (_, output) = await _bench.RunAsync(container);

        var held = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("CapBnd:", StringComparison.Ordinal));
        Assert.Contains(held.Replace("CapBnd", "CapEff"), output);
        Assert.Contains("mounted", output);
        Assert.Contains("Seccomp:\t0", output);
        Assert.Equal(File.Exists("/dev/kmsg"), output.EndsWith("/dev/kmsg\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Passwd_LeadsOutOrIsAFifo_IsNotFollowed()
    {
        var passwd = Path.Combine(_bench.Root, "etc/passwd");
        File.Delete(passwd);
        File.CreateSymbolicLink(passwd, "../../../../../../../../etc/passwd");
        var container = _bench.Describe("id");
        container = container with { Process = container.Process with { User = "daemon" } };

        // The link leads to itself when the container's root is the root: nobody is called daemon there, though on the host somebody is.
        var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.CreateAsync(container));
        Assert.Contains("no matching entries in passwd file", failure.Message);

        File.Delete(passwd);
        await Portal.Testing.Processes.Tool.RunAsync("mkfifo", passwd);
        failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.CreateAsync(container));
        Assert.Contains("no matching entries in passwd file", failure.Message);
    }

    [Theory]
    [InlineData("seccomp=/etc/passwd")]
    [InlineData("seccomp={}")]
    [InlineData("nonsense")]
    public async Task SecurityOptions_Unusable_AreRefused(string option)
    {
        var container = _bench.Describe("true") with { SecurityOptions = [option] };

        var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.CreateAsync(container));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
    }

    [Fact]
    public async Task Init_NotInstalled_SaysWhatHelps()
    {
        var container = _bench.DescribeShell("cat /proc/1/cmdline") with { Init = true };
        var candidates = new[] { "/usr/libexec/docker/docker-init", "/usr/bin/docker-init", "/usr/bin/tini-static" };

        if (candidates.Any(File.Exists))
        {
            Assert.Contains("docker-init", (await _bench.RunAsync(container)).Output);
        }
        else
        {
            var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.CreateAsync(container));
            Assert.Contains("tini", failure.Message);
        }
    }

    private async Task<Dictionary<string, string>> StatusAsync(RuntimeContainer container)
    {
        var (_, output) = await _bench.RunAsync(container);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts[1].Trim());
    }
}
