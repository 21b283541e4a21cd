using System.Text.Json.Nodes;

namespace Portal.Engine.Api.Tests.Cli.Create;

/// <summary>What the process is and may do.</summary>
public sealed class ProcessTests(EngineFixture engine) : CreateTestBase(engine)
{
    // CAP_SYS_ADMIN, which no container has by itself.
    private const int SystemAdministration = 21;

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
    public async Task Security_OptionsOfTheCli_AreFollowed()
    {
        var profile = Engine.Instance.TempPath("profile.json");
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
    public async Task Init_Asked_IsProcessOneAndReaps()
    {
        await using var box = await BoxAsync("--init");

        Assert.Equal("docker-init", await box.ShellAsync("cat /proc/1/comm"));
        await box.ShellAsync("(sleep 0 & exec sleep 0.01) & sleep 0.1; true");
        Assert.Equal("true", await box.InspectAsync("{{.HostConfig.Init}}"));
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

    [Fact]
    public async Task Exec_Privileged_HasWhatTheContainerHasNot()
    {
        await using var box = await BoxAsync();
        const string Capable = "grep CapEff /proc/self/status | cut -f 2";

        var plain = Convert.ToUInt64(await box.ShellAsync(Capable), 16);
        var privileged = Convert.ToUInt64(await Docker.GetAsync("exec", "--privileged", box.Id, "sh", "-c", Capable), 16);

        Assert.Equal(plain, plain & privileged);
        Assert.NotEqual(0UL, privileged & (1UL << SystemAdministration));
        Assert.Equal(plain, Convert.ToUInt64(await box.ShellAsync(Capable), 16));
    }
}
