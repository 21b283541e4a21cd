using Portal.Engine.Errors;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Limits;
using Portal.Engine.Runtime.Namespaces;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Runtime;

/// <summary>Ways out of a container that others had.</summary>
public sealed class EscapeTests : IAsyncLifetime
{
    private RuntimeBench _bench = null!;

    public async Task InitializeAsync() => _bench = await RuntimeBench.CreateAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task WorkingDirectory_DescriptorOfTheRuntime_LeadsNowhere()
    {
        // CVE-2024-21626: a descriptor of the host's cgroup folder that the runtime left open was a way to the host's root.
        for (var descriptor = 3; descriptor < 12; descriptor++)
        {
            var container = _bench.DescribeShell("ls ../../../../../../proc/1/root/ 2>/dev/null; pwd; ls ../../.. | head -50");
            container = container with { Process = container.Process with { WorkingDirectory = $"/proc/self/fd/{descriptor}" } };
            string output;
            try
            {
                output = (await _bench.RunAsync(container)).Output;
            }
            catch (EngineException refused)
            {
                output = refused.Message;
            }

            Assert.DoesNotContain("sbin\n", output);
            Assert.DoesNotContain("cgroup.procs", output);
        }
    }

    [Fact]
    public async Task WorkingDirectory_LinkOutOfTheRoot_StaysInside()
    {
        File.CreateSymbolicLink(Path.Combine(_bench.Root, "way"), "../../../../../../../../etc");
        var container = _bench.DescribeShell("pwd -P; ls -d passwd; ls -d shadow 2>&1");
        var (exit, output) = await _bench.RunAsync(container with { Process = container.Process with { WorkingDirectory = "/way" } });

        Assert.NotEqual(255, exit.ExitCode);
        Assert.StartsWith("/etc\npasswd\n", output);
        Assert.Contains("shadow: No such file", output);
    }

    [Fact]
    public async Task Exec_OfTheRuntimesOwnProgram_DoesNotReachIt()
    {
        // CVE-2019-5736: a program of the container that is /proc/self/exe runs the runtime, and could write to its file on the host.
        var runtime = Portal.Engine.Linux.Runtime.Programs.Find((await _bench.Runtime.GetInfoAsync()).Name)!;
        var before = (new FileInfo(runtime).Length, File.GetLastWriteTimeUtc(runtime));
        File.Delete(Path.Combine(_bench.Root, "bin/trap"));
        File.CreateSymbolicLink(Path.Combine(_bench.Root, "bin/trap"), "/proc/self/exe");
        var id = await _bench.StartAsync(_bench.DescribeShell(
            "while :; do for p in /proc/[0-9]*; do echo x > $p/exe; done 2>/dev/null; sleep 0.01; done"));

        for (var round = 0; round < 5; round++)
        {
            try
            {
                await _bench.ExecAsync(_bench.DescribeExec(id, "/bin/trap", "--version"));
            }
            catch (EngineException)
            {
                // Refused is as good.
                continue;
            }
        }

        await _bench.Runtime.DeleteAsync(id);
        Assert.Equal(before, (new FileInfo(runtime).Length, File.GetLastWriteTimeUtc(runtime)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NullDevice_OfTheHost_StaysRootsWhoeverHasItAsInput(bool terminal)
    {
        var container = _bench.Describe("sleep", "1000");
        var id = await _bench.StartAsync(
            container with { Process = container.Process with { User = "1234", Terminal = terminal } });
        var exec = _bench.DescribeExec(id, "true");
        await _bench.ExecAsync(exec with { Process = exec.Process with { User = "1235", Terminal = terminal } });
        var detached = _bench.DescribeExec(id, "true");
        await _bench.Runtime.ExecAsync(detached with { Detach = true, Process = detached.Process with { User = "1236" } });
        await _bench.WaitAsync(id, detached.ExecId);

        Assert.Equal("0:0 666\n", await Tool.RunAsync("stat", "-c", "%u:%g %a", "/dev/null"));
    }

    [Fact]
    public async Task Process_WithoutInput_ReadsItsEnd()
    {
        var (exit, output) = await _bench.RunAsync(_bench.DescribeShell("cat; echo end"));
        var id = await _bench.StartAsync(_bench.Describe("sleep", "1000"));
        var (code, said, _) = await _bench.ExecAsync(_bench.DescribeExec(id, "sh", "-c", "cat; echo end"));
        var detached = _bench.DescribeExec(id, "cat");
        await _bench.Runtime.ExecAsync(detached with { Detach = true });

        Assert.Equal((0, "end\n"), (exit.ExitCode, output));
        Assert.Equal((0, "end\n"), (code, said));
        Assert.Equal(0, (await _bench.WaitAsync(id, detached.ExecId)).ExitCode);
    }

    [Fact]
    public async Task Exec_WithAPasswdWithoutEnd_IsBounded()
    {
        var id = await _bench.StartAsync(_bench.Describe("sleep", "1000"));
        var passwd = Path.Combine(_bench.Root, "etc/passwd");
        using (var file = File.Create(passwd))
        {
            file.SetLength(1L << 40);
        }

        var named = _bench.DescribeExec(id, "id");
        var failure = await Assert.ThrowsAsync<EngineException>(
            () => _bench.Runtime.ExecAsync(named with { Process = named.Process with { User = "ann" } }));
        File.Delete(passwd);
        var numbered = _bench.DescribeExec(id, "id", "-u");
        var (_, output, _) = await _bench.ExecAsync(numbered with { Process = numbered.Process with { User = "7" } });

        Assert.Contains("no matching entries in passwd file", failure.Message);
        Assert.Equal("7\n", output);
    }

    [Fact]
    public async Task Ulimits_Above_AreRefusedBeforeAnythingIsMade()
    {
        var container = _bench.Describe("true") with { Ulimits = [new Ulimit("nofile", 10, 4_000_000_000)] };

        var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.CreateAsync(container));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.False(Directory.Exists(Path.Combine(_bench.RunRoot, "c", container.Id)));
    }

    [Fact]
    public async Task Ipc_SharedMemoryOfOneThatIsGone_CannotBeJoined()
    {
        var donor = await _bench.StartAsync(_bench.Describe("sleep", "1000") with { Ipc = new NamespaceMode(NamespaceKind.Shareable) });
        var joined = _bench.DescribeShell("echo $(stat -f -c %T /dev/shm); readlink /proc/self/ns/ipc") with
        {
            Ipc = new NamespaceMode(NamespaceKind.Container, donor),
        };
        var (exit, output) = await _bench.RunAsync(joined);
        await _bench.Runtime.DeleteAsync(donor);

        var late = _bench.Describe("true") with { Ipc = new NamespaceMode(NamespaceKind.Container, donor) };
        var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.CreateAsync(late));

        Assert.Equal(0, exit.ExitCode);
        Assert.StartsWith("tmpfs", output);
        Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
        Assert.DoesNotContain(File.ReadLines("/proc/self/mountinfo"), line => line.Contains($"{_bench.RunRoot}/c/"));
    }

    [Fact]
    public async Task CgroupParent_AfterARestart_IsKnownToTheNextEngine()
    {
        var container = _bench.Describe("sleep", "1000") with { CgroupParent = $"/{_bench.Name}/deep/er" };
        var processId = await _bench.Runtime.CreateAsync(container);
        await _bench.Runtime.StartAsync(container.Id);
        var next = _bench.NewRuntime();

        Assert.Contains($"/{_bench.Name}/deep/er/{container.Id}", File.ReadAllText($"/proc/{processId}/cgroup"));
        Assert.Equal([processId], await next.ListProcessesAsync(container.Id));
        await next.DeleteAsync(container.Id);
        Assert.False(Directory.Exists($"/proc/{processId}"));
    }
}
