using System.Text;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.System;
using Portal.Engine.Api.Tests.Fakes;
using Portal.Engine.Api.Tests.Hosting;
using Portal.Engine.Containers;
using Portal.Engine.Events;

namespace Portal.Engine.Api.Tests.System;

public sealed class SystemApiTests : DockerApiTest
{
    [Fact]
    public async Task Info_Counts_AreTheEngines()
    {
        Host.Containers.All.Add(FakeContainers.Describe());
        Host.Containers.All.Add(FakeContainers.Describe("p", 'b', ContainerState.Paused));
        Host.Containers.All.Add(FakeContainers.Describe("c", 'c', ContainerState.Created));

        var json = await Host.GetJsonAsync("/info");

        Assert.Equal((3, 1, 1, 1), ((int)json["Containers"]!, (int)json["ContainersRunning"]!, (int)json["ContainersPaused"]!, (int)json["ContainersStopped"]!));
        Assert.Equal(("box", "runc", "inactive"), ((string)json["Name"]!, (string)json["DefaultRuntime"]!, (string)json["Swarm"]!["LocalNodeState"]!));
    }

    [Fact]
    public async Task Info_OfTheHost_IsTold()
    {
        var json = await Host.GetJsonAsync("/info");

        Assert.True((bool)json["KernelMemoryTCP"]!);
        Assert.Equal((true, false), ((bool)json["BridgeNfIptables"]!, (bool)json["BridgeNfIp6tables"]!));
        Assert.False((bool)json["IPv4Forwarding"]!);
        Assert.Equal(["/etc/cdi", "/var/run/cdi"], json["CDISpecDirs"]!.AsArray().Select(folder => (string)folder!));
        Assert.Equal(
            ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"],
            json["Plugins"]!["Network"]!.AsArray().Select(name => (string)name!));
    }

    [Fact]
    public async Task Version_Fields_AreDockers()
    {
        var json = await Host.GetJsonAsync("/version");

        Assert.Equal(("1.47", "1.24", "linux", "amd64"), ((string)json["ApiVersion"]!, (string)json["MinAPIVersion"]!, (string)json["Os"]!, (string)json["Arch"]!));
        Assert.Equal("Engine", (string)json["Components"]![0]!["Name"]!);
    }

    [Fact]
    public async Task Events_PastSpan_IsWhatIsKeptOfIt()
    {
        for (var index = 0; index < 5; index++)
        {
            Host.Engine.Publish(
                index == 3 ? EngineEventType.Image : EngineEventType.Container,
                "start",
                $"id{index}",
                new Dictionary<string, string> { ["name"] = $"n{index}", ["image"] = "busybox" });
        }

        // They happened 0 to 4 seconds after 1970 began.
        var text = await Host.Client.GetStringAsync(new Uri("/events?since=1&until=3&filters={\"type\":[\"container\"]}", UriKind.Relative));

        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal(
            """{"status":"start","id":"id1","from":"busybox","Type":"container","Action":"start","Actor":{"ID":"id1","Attributes":{"name":"n1","image":"busybox"}},"scope":"local","time":1,"timeNano":1000000000}""",
            lines[0]);
    }

    [Fact]
    public async Task Events_WhoseTimeIsOverWhileTheyAreRead_AreWrittenAllTheSame()
    {
        Host.Engine.Publish(EngineEventType.Container, "start", "id0", new Dictionary<string, string>());
        Host.Engine.Publish(EngineEventType.Container, "start", "id1", new Dictionary<string, string>());
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        context.Request.QueryString = new QueryString("?since=1&until=4000000000");

        await new EventsHandler(Host.Engine, new HastyClock()).ReadAsync(context);

        Assert.Contains("\"id1\"", Encoding.UTF8.GetString(body.ToArray()));
    }

    [Fact]
    public async Task Networks_ByNameIdAndPrefix_AreFound()
    {
        Assert.Equal("172.30.0.0/16", (string)(await Host.GetJsonAsync("/networks/bridge"))["IPAM"]!["Config"]![0]!["Subnet"]!);
        Assert.Equal("none", (string)(await Host.GetJsonAsync("/networks/888"))["Name"]!);
        Assert.Equal(2, (await Host.GetJsonAsync("/networks")).AsArray().Count);
        var error = await ReadErrorAsync(await Host.Client.GetAsync(new Uri("/networks/x", UriKind.Relative)));
        Assert.Equal((404, "network x not found"), error);
        Assert.Equal("none", (string)(await Host.GetJsonAsync("/networks/888?scope=local"))["Name"]!);
        error = await ReadErrorAsync(await Host.Client.GetAsync(new Uri("/networks/888?scope=swarm", UriKind.Relative)));
        Assert.Equal((404, "network 888 not found"), error);
    }

    /// <summary>Whatever is waited for is over at once.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            callback(state);
            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
