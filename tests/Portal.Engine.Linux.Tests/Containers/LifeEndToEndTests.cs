using System.Diagnostics;
using System.Text;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Logs;
using Portal.Engine.Networks;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Containers;

/// <summary>One engine for all tests here, since none of them harms another.</summary>
public sealed class LifeEndToEndTests : IClassFixture<LifeEndToEndTests.Fixture>
{
    private readonly KernelEngine _engine;

    public LifeEndToEndTests(Fixture fixture) => _engine = fixture.Engine;

    [Fact]
    public async Task Run_Script_LogsAndExitCodeAndNothingLeft()
    {
        var id = await _engine.RunAsync("echo out; echo err >&2; hostname; exit 7");

        Assert.Equal(7, await _engine.Containers.WaitAsync(id));
        Assert.Equal($"out\n{id[..12]}\n", await _engine.LogAsync(id, new LogQuery { Stderr = false }));
        Assert.Equal("err\n", await _engine.LogAsync(id, new LogQuery { Stdout = false }));
        await _engine.Containers.RemoveAsync(id);
        await AssertNothingLeftAsync(id);
    }

    [Fact]
    public async Task Run_AutoRemove_IsGoneWithItsEnd()
    {
        var created = await _engine.Containers.CreateAsync(
            new ContainerSpec { Image = "busybox", Command = ["sh", "-c", "exit 3"], AutoRemove = true });
        var removed = _engine.Containers.WaitAsync(created.Id, WaitCondition.Removed);
        await _engine.Containers.StartAsync(created.Id);

        Assert.Equal(3, await removed);
        await AssertNothingLeftAsync(created.Id);
    }

    [Theory]
    [InlineData("/bin/nosuch", 127, "no such file or directory")]
    [InlineData("nosuch", 127, "executable file not found in $PATH")]
    [InlineData("/etc/passwd", 126, "permission denied")]
    public async Task Start_BadProgram_FailsAsDockerAndLeavesNothing(string program, int exitCode, string words)
    {
        var created = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Command = [program] });

        var failure = await Assert.ThrowsAsync<EngineException>(() => _engine.Containers.StartAsync(created.Id));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.Contains(words, failure.Message);
        var info = await _engine.Containers.InspectAsync(created.Id);
        Assert.Equal(exitCode, info.ExitCode);
        Assert.Equal(ContainerState.Created, info.State);
        await AssertNothingInKernelAsync(created.Id);
    }

    [Fact]
    public async Task Start_BadBindAndPort_LeavesNothing()
    {
        var taken = await _engine.RunAsync(
            "sleep 100", spec => spec with { Ports = [new PortBinding { ContainerPort = 80 }] });
        var port = (await _engine.Containers.InspectAsync(taken)).Network!.Ports[0].HostPort;
        var created = await _engine.Containers.CreateAsync(new ContainerSpec
        {
            Image = "busybox",
            Ports = [new PortBinding { ContainerPort = 80, HostPort = port }],
        });

        var failure = await Assert.ThrowsAsync<EngineException>(() => _engine.Containers.StartAsync(created.Id));

        Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
        Assert.Contains("port is already allocated", failure.Message);
        await AssertNothingInKernelAsync(created.Id);
        await _engine.Containers.RemoveAsync(taken, force: true);
    }

    [Fact]
    public async Task Start_Files_AreWhatTheContainerSees()
    {
        var id = await _engine.RunAsync(
            "cat /etc/hosts; cat /etc/hostname; cat /etc/resolv.conf; cat /data/file; echo made > /data/new; touch /ro/x",
            spec => spec with
            {
                Hostname = "inside",
                ExtraHosts = ["db:10.9.8.7"],
                Dns = ["10.0.0.53"],
                Binds = [$"{MakeFolder()}:/data", $"{MakeFolder()}:/ro:ro"],
            });
        await _engine.Containers.WaitAsync(id);

        var log = await _engine.LogAsync(id);
        Assert.Contains("10.9.8.7\tdb", log);
        Assert.Contains("\tinside", log);
        Assert.Contains("nameserver 10.0.0.53", log);
        Assert.Contains("from the host", log);
        Assert.Contains("Read-only file system", log);
        var source = (await _engine.Containers.InspectAsync(id)).Mounts.Single(mount => mount.Destination == "/data").Source;
        Assert.Equal("made\n", await File.ReadAllTextAsync(Path.Combine(source, "new")));
    }

    [Fact]
    public async Task Network_Modes_ShowTheRightInterfaces()
    {
        var bridged = await _engine.RunAsync("sleep 100");
        var address = (await _engine.Containers.InspectAsync(bridged)).Network!.Endpoints[0].Address;
        var none = await _engine.RunAsync("ls /sys/class/net", spec => spec with { NetworkMode = "none" });

        // One read of one file: ls looks at each link, and says of those that other tests have taken away meanwhile that they are gone.
        var host = await _engine.RunAsync("hostname; grep -c : /proc/net/dev", spec => spec with { NetworkMode = "host" });
        var joined = await _engine.RunAsync(
            "ip -o -4 addr; hostname", spec => spec with { NetworkMode = "container:" + bridged });
        foreach (var id in new[] { none, host, joined })
        {
            Assert.Equal(0, await _engine.Containers.WaitAsync(id));
        }

        Assert.Equal("lo\n", await _engine.LogAsync(none));
        var hostLines = (await _engine.LogAsync(host)).Split('\n');
        Assert.Equal(Environment.MachineName, hostLines[0]);
        Assert.True(int.Parse(hostLines[1], System.Globalization.CultureInfo.InvariantCulture) > 2);
        Assert.Contains(address, await _engine.LogAsync(joined));
        Assert.Contains(bridged[..12], await _engine.LogAsync(joined));
        await _engine.Containers.RemoveAsync(bridged, force: true);
    }

    [Fact]
    public async Task Log_UnendedLongAndBinaryOutput_ComesAsItWas()
    {
        var id = await _engine.RunAsync(
            "head -c 100000 /dev/zero | tr '\\0' x; echo; printf 'a\\000\\377b\\n'; sleep 0.2; printf 'no end'");
        await _engine.Containers.WaitAsync(id);
        var bytes = new List<byte>();
        await foreach (var record in _engine.Logs.ReadAsync(id, new LogQuery()))
        {
            bytes.AddRange(record.Data.Span);
        }

        byte[] expected = [.. Enumerable.Repeat((byte)'x', 100_000), .. "\na\0"u8, 0xff, .. "b\nno end"u8];
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(bytes.ToArray()));
    }

    [Fact]
    public async Task Volume_SurvivesItsContainerUnlessAskedFor()
    {
        var id = await _engine.RunAsync("echo kept > /v/file", spec => spec with { Binds = ["named:/v"], Volumes = ["/anon"] });
        await _engine.Containers.WaitAsync(id);
        var anonymous = (await _engine.Containers.InspectAsync(id)).Mounts.Single(mount => mount.Destination == "/anon").Source;
        await _engine.Containers.RemoveAsync(id, removeVolumes: true);
        Assert.False(Directory.Exists(anonymous));

        var second = await _engine.RunAsync("cat /v/file", spec => spec with { Binds = ["named:/v:ro"] });
        await _engine.Containers.WaitAsync(second);
        Assert.Equal("kept\n", await _engine.LogAsync(second));
    }

    [Fact]
    public async Task Stop_TrapsAndStubborn_EndByWordOrForce()
    {
        var polite = await _engine.RunAsync("trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.05; done");
        await WaitForLogAsync(polite, "up\n");
        await _engine.Containers.StopAsync(polite);
        Assert.Equal(5, (await _engine.Containers.InspectAsync(polite)).ExitCode);
        Assert.Equal("up\nbye\n", await _engine.LogAsync(polite));

        var stubborn = await _engine.RunAsync("trap '' TERM; echo up; while :; do sleep 0.05; done");
        await WaitForLogAsync(stubborn, "up\n");
        var watch = Stopwatch.StartNew();
        await _engine.Containers.StopAsync(stubborn, TimeSpan.FromMilliseconds(300));
        Assert.Equal(137, (await _engine.Containers.InspectAsync(stubborn)).ExitCode);
        Assert.True(watch.Elapsed > TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public async Task Pause_Running_StandsStillUntilUnpaused()
    {
        var id = await _engine.RunAsync("while :; do echo tick; sleep 0.02; done");
        await WaitForLogAsync(id, "tick\n");
        await _engine.Containers.PauseAsync(id);
        Assert.Equal(ContainerState.Paused, (await _engine.Containers.InspectAsync(id)).State);
        var before = (await _engine.LogAsync(id)).Length;
        await _engine.RestartAsync();
        Assert.Equal(ContainerState.Paused, (await _engine.Containers.InspectAsync(id)).State);
        Assert.Equal(before, (await _engine.LogAsync(id)).Length);

        await _engine.Containers.UnpauseAsync(id);
        await Eventually.HoldsAsync(async () => (await _engine.LogAsync(id)).Length > before);
        await _engine.Containers.PauseAsync(id);
        await _engine.Containers.RemoveAsync(id, force: true);
        await AssertNothingLeftAsync(id);
    }

    [Fact]
    public async Task Attach_BeforeStart_SeesTheFirstByteAndSendsInput()
    {
        var created = await _engine.Containers.CreateAsync(new ContainerSpec
        {
            Image = "busybox",
            Command = ["sh", "-c", "echo first; read line; echo got $line"],
            OpenStdin = true,
            StdinOnce = true,
        });
        await using var streams = await _engine.Containers.AttachAsync(created.Id);
        await _engine.Containers.StartAsync(created.Id);
        await streams.WriteAsync("hello\n"u8.ToArray());

        var text = new StringBuilder();
        while (await streams.ReadAsync() is { } chunk)
        {
            text.Append(Encoding.UTF8.GetString(chunk.Data.Span));
        }

        Assert.Equal("first\ngot hello\n", text.ToString());
    }

    [Fact]
    public async Task Exec_InRunning_GivesOutputAndCode()
    {
        var id = await _engine.RunAsync("sleep 100", spec => spec with { Environment = ["A=1"] });
        var exec = await _engine.Execs.CreateAsync(id, new ExecSpec { Command = ["sh", "-c", "echo $A$B; exit 4"], Environment = ["B=2"] });
        await using var streams = await _engine.Execs.StartAsync(exec);

        var chunk = await streams!.ReadAsync();
        Assert.Equal("12\n", Encoding.UTF8.GetString(chunk!.Value.Data.Span));
        Assert.Equal(4, await _engine.Execs.WaitAsync(exec));
        var processes = await _engine.Containers.ListProcessesAsync(id);
        Assert.Contains(processes, process => process.Command == "sleep 100" && process.User == "0");
        var sleeping = await _engine.Execs.CreateAsync(id, new ExecSpec { Command = ["sleep", "100"] });
        await _engine.Execs.StartAsync(sleeping, detach: true);
        await _engine.Execs.KillAsync(sleeping, 9);
        Assert.Equal(137, await _engine.Execs.WaitAsync(sleeping));
        await _engine.Containers.RemoveAsync(id, force: true);
    }

    [Fact]
    public async Task Follow_LineWritten_ReachesTheReaderBeforeTheNext()
    {
        var id = await _engine.RunAsync("while read x; do echo got $x; done", spec => spec with { OpenStdin = true });
        await using var streams = await _engine.Containers.AttachAsync(id);
        await using var reader = _engine.Logs.ReadAsync(id, new LogQuery { Follow = true }).GetAsyncEnumerator();
        for (var round = 0; round < 50; round++)
        {
            var next = reader.MoveNextAsync().AsTask();
            await streams.WriteAsync(Encoding.UTF8.GetBytes($"{round}\n"));
            Assert.True(await next);
            Assert.Equal($"got {round}\n", Encoding.UTF8.GetString(reader.Current.Data.Span));
        }

        await _engine.Containers.RemoveAsync(id, force: true);
    }

    [Fact]
    public async Task Rotation_BusyContainer_LosesAndDoublesNoLine()
    {
        const int Lines = 4000;
        var id = await _engine.RunAsync(
            $"i=0; while [ $i -lt {Lines} ]; do i=$((i+1)); echo line $i; [ $((i % 200)) = 0 ] && sleep 0.1; done",
            spec => spec with { LogRotation = new LogRotation(20_000, 100) });
        var followed = await _engine.LogAsync(id, new LogQuery { Follow = true });

        var expected = string.Concat(Enumerable.Range(1, Lines).Select(line => $"line {line}\n"));
        Assert.Equal(expected, followed);
        Assert.Equal(expected, await _engine.LogAsync(id));
        var folder = Path.GetDirectoryName((await _engine.Containers.InspectAsync(id)).LogPath)!;
        Assert.True(Directory.EnumerateFiles(folder).Count() > 2, "The log was not rotated.");
    }

    [Fact]
    public async Task Stats_Running_CountsItsWork()
    {
        var id = await _engine.RunAsync("while :; do :; done");
        var samples = new List<long>();
        await foreach (var sample in _engine.Stats.WatchAsync(id))
        {
            samples.Add(sample.CpuNanoseconds);
            if (samples.Count == 3)
            {
                break;
            }
        }

        Assert.True(samples[2] > samples[0] + 100_000_000, string.Join(", ", samples));
        await _engine.Containers.RemoveAsync(id, force: true);
        Assert.Null(await Record.ExceptionAsync(() => AssertNothingLeftAsync(id)));
    }

    private async Task WaitForLogAsync(string id, string text)
    {
        await Eventually.HoldsAsync(async () => (await _engine.LogAsync(id)).Contains(text, StringComparison.Ordinal), text);
    }

    private string MakeFolder()
    {
        var folder = Directory.CreateDirectory(_engine.Instance.TempPath(Guid.NewGuid().ToString("N"))).FullName;
        File.WriteAllText(Path.Combine(folder, "file"), "from the host\n");
        return folder;
    }

    private async Task AssertNothingLeftAsync(string id)
    {
        await AssertNothingInKernelAsync(id);
        Assert.False(Directory.Exists(Path.Combine(_engine.Instance.DataRoot, "containers", id)));

        // Its root goes to the trash, which is emptied while nobody waits for it.
        await Eventually.HoldsAsync(() => !IsNamed(id), $"no file is named after {id}");
    }

    private bool IsNamed(string id)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(_engine.Instance.DataRoot, "*", SearchOption.AllDirectories)
                .Any(path => path.Contains(id, StringComparison.Ordinal));
        }
        catch (DirectoryNotFoundException)
        {
            // The trash is being emptied.
            return true;
        }
    }

    private static async Task AssertNothingInKernelAsync(string id)
    {
        Assert.DoesNotContain(id, await File.ReadAllTextAsync("/proc/self/mountinfo"));
        foreach (var root in CgroupMounts.Detect().Hierarchies.Select(tree => tree.MountPoint))
        {
            var found = await Tool.TryRunAsync("find", root, "-maxdepth", "4", "-name", $"*{id}*");
            Assert.Equal("", found.Output);
        }

        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            try
            {
                Assert.DoesNotContain(id, await File.ReadAllTextAsync(process + "/cmdline"));
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public KernelEngine Engine { get; private set; } = null!;

        public async Task InitializeAsync() => Engine = await KernelEngine.StartAsync();

        public async Task DisposeAsync() => await Engine.DisposeAsync();
    }
}
