using System.Text;
using System.Text.Json.Nodes;
using Portal.Engine.Api.Tests.Fakes;
using Portal.Engine.Api.Tests.Hosting;
using Portal.Engine.Containers;
using Portal.Engine.Networks;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Tests.Containers;

/// <summary>Members and parameters of Docker's reference that few clients send or read.</summary>
public sealed class ContainerFieldTests : DockerApiTest
{
    [Fact]
    public async Task List_AnnotationsAndQuotedWords_AreTold()
    {
        var container = FakeContainers.Describe();
        Host.Containers.All.Add(container with
        {
            Arguments = ["sh", "-c", "sleep 9"],
            Spec = container.Spec with { Annotations = new Dictionary<string, string> { ["a"] = "b" } },
        });

        var row = (await Host.GetJsonAsync("/containers/json"))[0]!;

        Assert.Equal("sh -c 'sleep 9'", (string)row["Command"]!);
        Assert.Equal("b", (string)row["HostConfig"]!["Annotations"]!["a"]!);
    }

    [Theory]
    [InlineData("publish", "5353/udp", true)]
    [InlineData("publish", "5353", false)]
    [InlineData("publish", "53/udp", false)]
    [InlineData("publish", "5350-5360/udp", true)]
    [InlineData("expose", "9/tcp", true)]
    [InlineData("expose", "9/udp", false)]
    [InlineData("network", "blue", true)]
    [InlineData("network", "0123", true)]
    [InlineData("network", "red", true)]
    [InlineData("network", "123", false)]
    public async Task List_PortsAndNetworks_AreFilteredAsDockerDoes(string filter, string value, bool isFound)
    {
        var container = FakeContainers.Describe();
        Host.Containers.All.Add(container with
        {
            Spec = container.Spec with
            {
                Ports = [new PortBinding { ContainerPort = 53, Protocol = PortProtocol.Udp, HostPort = 5353 }],
                ExposedPorts = ["9/tcp"],
            },
            Networks = [new NetworkConnection { Network = "red" }],
            Network = new NetworkSandbox
            {
                ContainerId = container.Id,
                Endpoints = [new NetworkEndpoint { NetworkId = "0123456789", NetworkName = "blue", EndpointId = "e" }],
                Ports = [new PortBinding { ContainerPort = 53, Protocol = PortProtocol.Udp, HostPort = 5353 }],
            },
        });

        var rows = await Host.GetJsonAsync($"/containers/json?filters={{\"{filter}\":[\"{value}\"]}}");

        Assert.Equal(isFound ? 1 : 0, rows.AsArray().Count);
    }

    [Fact]
    public async Task Inspect_Execs_AreThoseThatRun()
    {
        Host.Containers.All.Add(FakeContainers.Describe());

        Assert.Null((await Host.GetJsonAsync("/containers/web/json"))["ExecIDs"]);
        (await Host.PostAsync("/containers/web/exec", """{"Cmd":["sh"]}""")).EnsureSuccessStatusCode();

        Assert.Equal(FakeExecs.Id, (string)(await Host.GetJsonAsync("/containers/web/json"))["ExecIDs"]![0]!);
        Assert.NotNull((await Host.GetJsonAsync("/containers/web/json"))["GraphDriver"]!["Data"]);
    }

    [Fact]
    public async Task Inspect_StoppedContainer_KeepsWhatItWantsOfItsNetworks()
    {
        Host.Containers.All.Add(FakeContainers.Describe(state: ContainerState.Exited) with
        {
            Networks = [new NetworkConnection { Network = "blue", Address = "172.30.0.9", Aliases = ["db"] }],
        });

        var endpoint = (await Host.GetJsonAsync("/containers/web/json"))["NetworkSettings"]!["Networks"]!["blue"]!;

        Assert.Equal(("172.30.0.9", "db"), ((string)endpoint["IPAMConfig"]!["IPv4Address"]!, (string)endpoint["Aliases"]![0]!));
        Assert.Equal("", (string)endpoint["IPAddress"]!);
    }

    [Fact]
    public async Task Create_ImageOfAnotherPlatform_IsWarnedAbout()
    {
        Host.Engine.Architecture = "riscv64";

        using var response = await Host.PostAsync("/containers/create", """{"Image":"busybox"}""");

        var warning = (string)Assert.Single(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["Warnings"]!.AsArray())!;
        Assert.StartsWith(
            "The requested image's platform (linux/amd64) does not match the detected host platform (linux/riscv64)",
            warning,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_LinkAlone_IsRefused()
    {
        Host.Containers.All.Add(FakeContainers.Describe());

        var (status, message) = await ReadErrorAsync(await Host.Client.DeleteAsync(new Uri("/containers/web?link=1", UriKind.Relative)));

        Assert.Equal(400, status);
        Assert.Contains("a link goes with its container", message);
        Assert.Empty(Host.Containers.Calls);
    }

    [Theory]
    [InlineData("{}", 100, 30)]
    [InlineData("""{"ConsoleSize":[24,80]}""", 80, 24)]
    public async Task ExecStart_SizeOfItsDescription_HoldsUnlessAnotherIsGiven(string body, int columns, int rows)
    {
        Host.Containers.All.Add(FakeContainers.Describe());
        (await Host.PostAsync("/containers/web/exec", """{"AttachStdout":true,"Tty":true,"Cmd":["sh"],"ConsoleSize":[30,100]}"""))
            .EnsureSuccessStatusCode();
        Host.Execs.Process = new FakeProcessStreams(terminal: true);
        Host.Execs.Process.End();

        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Host.Client.PostAsync(new Uri($"/exec/{FakeExecs.Id}/start", UriKind.Relative), content);
        await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(new TerminalSize(columns, rows), Host.Execs.Size);
    }
}
