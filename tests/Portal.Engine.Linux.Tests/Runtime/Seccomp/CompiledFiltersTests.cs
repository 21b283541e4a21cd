using System.Text.Json.Nodes;
using Portal.Engine.Linux.Runtime;
using Portal.Engine.Linux.Runtime.Seccomp;
using Portal.Engine.Runtime;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Runtime.Seccomp;

/// <summary>Containers whose filter was compiled for another one.</summary>
public sealed class CompiledFiltersTests : IAsyncLifetime
{
    private const string NoFolders =
        """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":28}]}""";

    private RuntimeBench _bench = null!;

    public async Task InitializeAsync() => _bench = await RuntimeBench.CreateAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Create_SameProfileWithCrun_IsNotCompiledAgainAndHolds()
    {
        var first = Describe("crun", "unshare", "-U", "true");
        var second = Describe("crun", "sh", "-c", "unshare -U true 2>&-; echo $?; grep Seccomp: /proc/self/status; sleep 1000");

        var (exit, _) = await _bench.RunAsync(first);
        await _bench.StartAsync(second);
        var (code, output, _) = await _bench.ExecAsync(_bench.DescribeExec(second.Id, "sh", "-c", "unshare -U true; echo $?"));

        Assert.Equal((1, 0), (exit.ExitCode, code));
        Assert.Null(FilterOf(first));
        Assert.Equal(Convert.ToBase64String(await File.ReadAllBytesAsync(Compiled(first))), FilterOf(second));
        Assert.Equal(await File.ReadAllBytesAsync(Compiled(first)), await File.ReadAllBytesAsync(Compiled(second)));
        Assert.Equal("1", output.Trim());
        await Eventually.HoldsAsync(() => _bench.ReadLog(second.Id) == "1\nSeccomp:\t2\n", "the program is denied it too");
    }

    [Fact]
    public async Task Create_OtherProfile_IsCompiledForItself()
    {
        await _bench.RunAsync(Describe("crun", "true"));
        var other = Describe("crun", "mkdir", "/tmp/x") with { SecurityOptions = [$"seccomp={NoFolders}"] };
        var unconfined = Describe("crun", "unshare", "-U", "true") with { SecurityOptions = ["seccomp=unconfined"] };

        var (exit, output) = await _bench.RunAsync(other);
        var (free, _) = await _bench.RunAsync(unconfined);

        Assert.Equal((1, 0), (exit.ExitCode, free.ExitCode));
        Assert.Contains("No space left on device", output, StringComparison.Ordinal);
        Assert.Null(FilterOf(other));
        Assert.Null(FilterOf(unconfined));
    }

    [Fact]
    public async Task Create_AnnotationsOfItsOwnForCrun_AreNeitherReplacedNorKept()
    {
        // One instruction: all is allowed (SECCOMP_RET_ALLOW).
        const string Allowing = "BgAAAAAA/38=";
        var annotations = new Dictionary<string, string> { [CompiledFilters.Annotation] = Allowing };
        RuntimeContainer Plain() => Describe("crun", "unshare", "-U", "true");
        var plain = Plain();

        var (allowed, _) = await _bench.RunAsync(Plain() with { Annotations = annotations });
        var (denied, _) = await _bench.RunAsync(plain);
        var (allowedAgain, _) = await _bench.RunAsync(Plain() with { Annotations = annotations });

        Assert.Equal((0, 1, 0), (allowed.ExitCode, denied.ExitCode, allowedAgain.ExitCode));
        Assert.Null(FilterOf(plain));
    }

    [Fact]
    public async Task Create_WithRunc_IsToldOfNoFilter()
    {
        await _bench.RunAsync(Describe("crun", "true"));
        var container = Describe("runc", "unshare", "-U", "true");

        var (exit, _) = await _bench.RunAsync(container);

        Assert.Equal(1, exit.ExitCode);
        Assert.Null(FilterOf(container));
    }

    private RuntimeContainer Describe(string runtime, params string[] arguments) => _bench.Describe(arguments) with { Runtime = runtime };

    private string Compiled(RuntimeContainer container) => Path.Combine(_bench.RunRoot, "oci", container.Id, CompiledFilters.FileName);

    private string? FilterOf(RuntimeContainer container)
    {
        var config = JsonNode.Parse(File.ReadAllText(new ProcessFolder(Path.Combine(_bench.RunRoot, "c", container.Id)).Config))!;
        return (string?)config["annotations"]?[CompiledFilters.Annotation];
    }
}
