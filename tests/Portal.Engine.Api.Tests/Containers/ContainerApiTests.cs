using System.Text;
using System.Text.Json.Nodes;
using Portal.Engine.Api.Tests.Fakes;
using Portal.Engine.Api.Tests.Hosting;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Mounts;
using Portal.Engine.Logs;
using Portal.Engine.Networks;
using Portal.Engine.Runtime;
using Portal.Engine.Stats;

namespace Portal.Engine.Api.Tests.Containers;

public sealed class ContainerApiTests : DockerApiTest
{
    [Fact]
    public async Task Create_AsTheCliSendsIt_IsMapped()
    {
        const string Body = """
            {"Hostname":"","User":"1000:1000","AttachStdin":true,"Tty":true,"OpenStdin":true,"StdinOnce":true,"Env":["A=1"],"Cmd":["sh"],
             "Image":"busybox","Volumes":null,"WorkingDir":"/tmp","Entrypoint":null,"Labels":{"k":"v"},"ExposedPorts":{"80/tcp":{}},
             "HostConfig":{"Binds":["/tmp:/data:ro"],"NetworkMode":"default","PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"}]},
             "RestartPolicy":{"Name":"on-failure","MaximumRetryCount":3},"AutoRemove":false,"LogConfig":{"Type":"","Config":{"max-size":"1m","max-file":"2"}},
             "Memory":67108864,"NanoCpus":500000000,"PidsLimit":null,"CapAdd":["NET_ADMIN"],"Init":true,"Tmpfs":{"/run":"size=1m"},
             "Mounts":[{"Type":"bind","Source":"/etc","Target":"/host-etc","ReadOnly":true}]},
             "NetworkingConfig":{"EndpointsConfig":{"default":{"MacAddress":"","Links":null}}}}
            """;

        using var response = await Host.PostAsync("/v1.47/containers/create?name=box", Body);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        var spec = Host.Containers.Created!;

        Assert.Equal(201, (int)response.StatusCode);
        Assert.Equal(new string('c', 64), (string)answer["Id"]!);
        Assert.Empty(answer["Warnings"]!.AsArray());
        Assert.Equal(("box", "busybox", "1000:1000", "/tmp"), (spec.Name, spec.Image, spec.User, spec.WorkingDirectory));
        Assert.Equal(["sh"], spec.Command);
        Assert.Null(spec.Entrypoint);
        Assert.Null(spec.Hostname);
        Assert.Equal(["/tmp:/data:ro"], spec.Binds);
        Assert.Equal(new MountSpec { Type = "bind", Source = "/etc", Target = "/host-etc", ReadOnly = true }, Assert.Single(spec.Mounts));
        Assert.Equal("size=1m", spec.Tmpfs["/run"]);
        Assert.Equal("bridge", spec.NetworkMode);
        Assert.Equal(new PortBinding { ContainerPort = 80, HostAddress = "127.0.0.1", HostPort = 8080 }, Assert.Single(spec.Ports));
        Assert.Equal(new RestartPolicy(RestartPolicyKind.OnFailure, 3), spec.RestartPolicy);
        Assert.Equal(new LogRotation(1024 * 1024, 2), spec.LogRotation);
        Assert.Equal((67108864, 500000000, 0), (spec.Resources.Memory, spec.Resources.NanoCpus, spec.Resources.PidsLimit));
        Assert.True(spec is { Tty: true, OpenStdin: true, StdinOnce: true, Init: true });
    }

    [Fact]
    public async Task Create_SeveralProblems_AreAllTold()
    {
        const string Body = """
            {"Image":"busybox","HostConfig":{"RestartPolicy":{"Name":"sometimes"},"Isolation":"hyperv",
             "PortBindings":{"99999/tcp":[{}]},"Privileged":false,"LogConfig":{"Type":"nowhere"}}}
            """;

        var (status, message) = await ReadErrorAsync(await Host.PostAsync("/containers/create", Body));

        Assert.Equal(400, status);
        foreach (var hint in new[] { "sometimes", "hyperv", "99999/tcp" })
        {
            Assert.Contains(hint, message);
        }

        Assert.Null(Host.Containers.Created);
    }

    [Fact]
    public async Task Create_DeprecatedKernelMemory_IsWarnedAbout()
    {
        const string Body = """{"Image":"busybox","HostConfig":{"KernelMemory":10000000}}""";

        using var response = await Host.PostAsync("/containers/create", Body);
        var warnings = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["Warnings"]!.AsArray().Select(node => (string)node!).ToList();

        Assert.Contains("kernel memory limit is deprecated", Assert.Single(warnings));
    }

    [Fact]
    public async Task Create_UnknownImage_IsNotFoundInDockersWords()
    {
        Assert.Equal(
            (404, "No such image: nothing:latest"),
            await ReadErrorAsync(await Host.PostAsync("/containers/create", """{"Image":"nothing"}""")));
    }

    [Fact]
    public async Task Inspect_RunningContainer_HasDockersShape()
    {
        var container = FakeContainers.Describe();
        Host.Containers.All.Add(container with
        {
            Spec = container.Spec with { ExposedPorts = ["443/tcp"], Ports = [new PortBinding { ContainerPort = 80, HostPort = 8080 }] },
            Network = new NetworkSandbox
            {
                ContainerId = container.Id,
                Endpoints =
                [
                    new NetworkEndpoint { NetworkId = "n", NetworkName = "bridge", EndpointId = "e", Address = "172.30.0.2", PrefixLength = 16 },
                ],
                Ports = [new PortBinding { ContainerPort = 80, HostPort = 8080 }],
            },
        });

        var json = await Host.GetJsonAsync("/containers/web/json");

        Assert.Equal("/web", (string)json["Name"]!);
        Assert.Equal("2026-01-02T03:04:05Z", (string)json["Created"]!);
        Assert.Equal("2026-01-02T03:04:06.789Z", (string)json["State"]!["StartedAt"]!);
        Assert.Equal("0001-01-01T00:00:00Z", (string)json["State"]!["FinishedAt"]!);
        Assert.Equal(("running", true, 4711), ((string)json["State"]!["Status"]!, (bool)json["State"]!["Running"]!, (int)json["State"]!["Pid"]!));
        Assert.Equal(("sh", "-c"), ((string)json["Path"]!, (string)json["Args"]![0]!));
        Assert.Equal("172.30.0.2", (string)json["NetworkSettings"]!["IPAddress"]!);
        Assert.Equal("172.30.0.2", (string)json["NetworkSettings"]!["Networks"]!["bridge"]!["IPAddress"]!);
        Assert.Equal("8080", (string)json["NetworkSettings"]!["Ports"]!["80/tcp"]![0]!["HostPort"]!);
        Assert.True(json["NetworkSettings"]!["Ports"]!.AsObject().ContainsKey("443/tcp"));
        Assert.Null(json["NetworkSettings"]!["Ports"]!["443/tcp"]);
        Assert.Equal("busybox:latest", (string)json["Config"]!["Image"]!);
        Assert.Equal("aaaaaaaaaaaa", (string)json["Config"]!["Hostname"]!);
        Assert.Equal("no", (string)json["HostConfig"]!["RestartPolicy"]!["Name"]!);
    }

    [Fact]
    public async Task List_FiltersAndLimit_Select()
    {
        Host.Containers.All.Add(FakeContainers.Describe("web"));
        Host.Containers.All.Add(FakeContainers.Describe("old", 'b', ContainerState.Exited) with
        {
            ExitCode = 3,
            FinishedAt = DateTimeOffset.UnixEpoch,
        });

        Assert.Equal(["/web"], await NamesAsync("/containers/json"));
        Assert.Equal(["/web", "/old"], await NamesAsync("/containers/json?all=1"));
        Assert.Equal(["/web"], await NamesAsync("/containers/json?limit=1"));
        Assert.Equal(["/old"], await NamesAsync("/containers/json?filters={\"status\":[\"exited\"]}"));
        Assert.Equal(["/old"], await NamesAsync("/containers/json?filters={\"exited\":{\"3\":true}}"));
        Assert.Equal(["/old"], await NamesAsync("/containers/json?all=true&filters={\"id\":[\"bb\"]}"));
        Assert.Equal(["/web"], await NamesAsync("/containers/json?all=true&filters={\"name\":[\"^/we\"]}"));
        Assert.Equal(["/web", "/old"], await NamesAsync("/containers/json?all=true&filters={\"ancestor\":[\"busybox\"]}"));
        Assert.Empty(await NamesAsync("/containers/json?all=true&filters={\"ancestor\":[\"other\"]}"));
        Assert.Empty(await NamesAsync("/containers/json?all=true&filters={\"label\":[\"k=v\"]}"));
    }

    [Fact]
    public async Task List_States_AreDockersSentences()
    {
        Host.Containers.All.Add(FakeContainers.Describe("web") with { StartedAt = TimeProvider.System.GetUtcNow().AddMinutes(-5) });
        Host.Containers.All.Add(FakeContainers.Describe("old", 'b', ContainerState.Exited) with
        {
            ExitCode = 3,
            FinishedAt = TimeProvider.System.GetUtcNow().AddHours(-3),
        });
        Host.Containers.All.Add(FakeContainers.Describe("new", 'd', ContainerState.Created));

        var json = await Host.GetJsonAsync("/containers/json?all=1");

        Assert.Equal(["Up 5 minutes", "Exited (3) 3 hours ago", "Created"], json.AsArray().Select(row => (string)row!["Status"]!));
    }

    [Theory]
    [InlineData("POST", "/containers/web/start", 304, "start web")]
    [InlineData("POST", "/containers/old/start", 204, "start old")]
    [InlineData("POST", "/containers/web/stop?t=3&signal=INT", 204, "stop 3 INT web")]
    [InlineData("POST", "/containers/old/stop", 304, "stop   old")]
    [InlineData("POST", "/containers/web/restart", 204, "restart web")]
    [InlineData("POST", "/containers/web/kill?signal=HUP", 204, "kill HUP web")]
    [InlineData("POST", "/containers/web/pause", 204, "pause web")]
    [InlineData("POST", "/containers/web/unpause", 204, "unpause web")]
    [InlineData("POST", "/containers/web/rename?name=x", 204, "rename x web")]
    [InlineData("POST", "/containers/web/resize?h=24&w=80", 200, "resize 80x24 web")]
    [InlineData("DELETE", "/containers/web?force=1&v=true", 204, "remove True True web")]
    public async Task State_EachStep_IsAskedForAndAnswered(string method, string path, int status, string call)
    {
        Host.Containers.All.Add(FakeContainers.Describe("web"));
        Host.Containers.All.Add(FakeContainers.Describe("old", 'b', ContainerState.Exited));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await Host.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(call, Assert.Single(Host.Containers.Calls));
    }

    [Fact]
    public async Task Wait_BeforeTheEnd_SendsItsHeadersAtOnce()
    {
        Host.Containers.All.Add(FakeContainers.Describe());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/containers/web/wait?condition=next-exit");
        using var response = await Host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal("wait NextExit web", Assert.Single(Host.Containers.Calls));
        Host.Containers.Exit.SetResult(42);
        Assert.Equal(42, (int)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["StatusCode"]!);
    }

    [Fact]
    public async Task Logs_OfPlainContainer_AreFramed()
    {
        Host.Containers.All.Add(FakeContainers.Describe());
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
        Host.Engine.Log.Add(new LogRecord(time, OutputSource.Stdout, "par"u8.ToArray(), Partial: true));
        Host.Engine.Log.Add(new LogRecord(time, OutputSource.Stdout, "tial\n"u8.ToArray(), Partial: false));
        Host.Engine.Log.Add(new LogRecord(time, OutputSource.Stderr, "e\n"u8.ToArray(), Partial: false));

        using var response = await Host.Client.GetAsync(
            new Uri("/containers/web/logs?stdout=1&stderr=1&timestamps=1&tail=7&since=1.5", UriKind.Relative));
        var bytes = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal("application/vnd.docker.multiplexed-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            "\u0001\0\0\0\0\0\0\u00272026-01-02T03:04:05.678000000Z partial\n"
                + "\u0002\0\0\0\0\0\0\u00212026-01-02T03:04:05.678000000Z e\n",
            Encoding.Latin1.GetString(bytes));
        Assert.Equal(
            new LogQuery { Tail = 7, Since = DateTimeOffset.UnixEpoch.AddSeconds(1.5) },
            Host.Engine.LogQuery);
    }

    [Fact]
    public async Task Logs_Followed_HaveAFrameForEachRecord()
    {
        Host.Containers.All.Add(FakeContainers.Describe());
        Host.Engine.Log.Add(new LogRecord(default, OutputSource.Stdout, "one\n"u8.ToArray(), Partial: false));
        Host.Engine.Log.Add(new LogRecord(default, OutputSource.Stdout, "two\n"u8.ToArray(), Partial: false));

        await using var stream = await Host.Client.GetStreamAsync(new Uri("/containers/web/logs?stdout=1&follow=1", UriKind.Relative));
        var bytes = new byte[24];
        await stream.ReadExactlyAsync(bytes);

        Assert.Equal("\u0001\0\0\0\0\0\0\u0004one\n\u0001\0\0\0\0\0\0\u0004two\n", Encoding.Latin1.GetString(bytes));
    }

    [Fact]
    public async Task Logs_NoStreamChosen_IsRefused()
    {
        Host.Containers.All.Add(FakeContainers.Describe());

        Assert.Equal(400, (await ReadErrorAsync(await Host.Client.GetAsync(new Uri("/containers/web/logs", UriKind.Relative)))).Status);
    }

    [Fact]
    public async Task Stats_OneAnswer_ComparesTwoSamples()
    {
        var container = FakeContainers.Describe();
        Host.Containers.All.Add(container);
        var first = new ContainerSample { ContainerId = container.Id, Time = DateTimeOffset.UnixEpoch, CpuNanoseconds = 100 };
        Host.Engine.Samples.Add(first);
        Host.Engine.Samples.Add(first with { CpuNanoseconds = 300, MemoryBytes = 50, MemoryCacheBytes = 7, NetworkReceiveBytes = 9 });

        var json = await Host.GetJsonAsync("/containers/web/stats?stream=false");

        Assert.Equal(100, (long)json["precpu_stats"]!["cpu_usage"]!["total_usage"]!);
        Assert.Equal(300, (long)json["cpu_stats"]!["cpu_usage"]!["total_usage"]!);
        Assert.Equal(57, (long)json["memory_stats"]!["usage"]!);
        Assert.Equal(7, (long)json["memory_stats"]!["stats"]!["inactive_file"]!);
        Assert.Equal(9, (long)json["networks"]!["eth0"]!["rx_bytes"]!);
    }

    [Fact]
    public async Task Top_Processes_AreRowsOfText()
    {
        Host.Containers.All.Add(FakeContainers.Describe());

        var json = await Host.GetJsonAsync("/containers/web/top");

        Assert.Equal("CMD", (string)json["Titles"]![7]!);
        Assert.Equal(("10", "00:01:01", "sleep 9"), ((string)json["Processes"]![0]![1]!, (string)json["Processes"]![0]![6]!, (string)json["Processes"]![0]![7]!));
    }

    private async Task<List<string>> NamesAsync(string path)
    {
        var json = await Host.GetJsonAsync(path.Replace("^", "%5E"));
        return json.AsArray().Select(row => (string)row!["Names"]![0]!).ToList();
    }
}
