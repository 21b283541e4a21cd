using System.Text.Json;
using Portal.Compose.Loading;
using Portal.Compose.Sources;
using Portal.Web.Features.Deployments.Adoption;

namespace Portal.Web.Tests.Features.Deployments;

public sealed class ContainerComparisonTests
{
    private const string File =
        "services: {web: {image: 'web:1', command: [run], environment: {A: '1'}, ports: ['80:80'], volumes: ['d:/d'], mem_limit: 64m}}\n"
        + "volumes: {d: {}}";

    private const string Inspected = """
        {
          "Config": {"Image": "web:1", "Cmd": ["run"], "Env": ["A=1", "PATH=/bin"], "Labels": {}},
          "HostConfig": {"Memory": 67108864, "PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "80"}]}, "Privileged": false},
          "Mounts": [{"Type": "volume", "Name": "shop_d", "Source": "/x", "Destination": "/d"}],
          "NetworkSettings": {"Networks": {"shop_default": {}}}
        }
        """;

    [Fact]
    public void Container_ThatIsWhatTheFileSays_DiffersInNothing() => Assert.Empty(Differences(Inspected));

    [Theory]
    [InlineData("\"web:1\"", "\"web:2\"", "Image")]
    [InlineData("[\"run\"]", "[\"walk\"]", "Cmd")]
    [InlineData("A=1", "A=2", "Env A")]
    [InlineData("67108864", "0", "Memory")]
    [InlineData("\"HostPort\": \"80\"", "\"HostPort\": \"81\"", "PortBindings")]
    [InlineData("\"shop_d\"", "\"other\"", "mount shop_d:/d")]
    [InlineData("shop_default", "bridge", "network shop_default")]
    public void Container_ThatIsAnother_SaysInWhat(string was, string @is, string what) =>
        Assert.Equal([what], Differences(Inspected.Replace(was, @is, StringComparison.Ordinal)));

    private static IReadOnlyList<string> Differences(string inspected)
    {
        var files = new ProjectFiles(new Dictionary<string, string> { ["compose.yaml"] = File });
        var project = ComposeLoader.Load(files, new ComposeOptions { ProjectName = "shop" }).Project!;
        using var document = JsonDocument.Parse(inspected);
        return ContainerComparison.Differences(project, project.Services[0], document.RootElement);
    }
}
