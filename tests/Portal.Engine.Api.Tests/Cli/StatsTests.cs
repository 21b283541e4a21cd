using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Portal.Engine.Api.Tests.Cli;

[Collection(EngineCollection.Name)]
public sealed class StatsTests(EngineFixture engine) : IAsyncLifetime
{
    private readonly string _name = $"s{Guid.NewGuid():N}"[..12];

    private DockerCli Docker => engine.Docker;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Docker.RunAsync("rm", "--force", _name);

    [Fact]
    public async Task Stats_OfAThrottledContainerWithTraffic_CountAllOfIt()
    {
        await Docker.GetAsync(
            "run", "--detach", "--name", _name, "--cpus", "0.1", "--memory", "64m", "busybox", "sh", "-c", "while :; do :; done");
        var gateway = await Docker.GetAsync("inspect", "--format", "{{.NetworkSettings.Gateway}}", _name);
        await Docker.RunAsync("exec", _name, "ping", "-c", "1", "-W", "2", gateway);

        var stats = await ReadAsync("?stream=0");

        Assert.True((long)stats["cpu_stats"]!["throttling_data"]!["throttled_periods"]! > 0, "it is held back");
        Assert.True((long)stats["cpu_stats"]!["cpu_usage"]!["total_usage"]! > (long)stats["precpu_stats"]!["cpu_usage"]!["total_usage"]!);
        Assert.Equal(64 << 20, (long)stats["memory_stats"]!["limit"]!);
        Assert.NotEmpty(stats["memory_stats"]!["stats"]!.AsObject());
        Assert.True((long)stats["networks"]!["eth0"]!["tx_packets"]! > 0, "it sent packets");
        Assert.NotNull(stats["blkio_stats"]!["io_serviced_recursive"]);
        Assert.NotEqual((string)stats["read"]!, (string)stats["preread"]!);

        var once = await ReadAsync("?stream=0&one-shot=1");
        Assert.Equal(0, (long)once["precpu_stats"]!["cpu_usage"]!["total_usage"]!);
    }

    private async Task<JsonNode> ReadAsync(string query)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                var path = Path.Combine(engine.Instance.RunRoot, "docker.sock");
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = new Uri("http://docker") };
        return JsonNode.Parse(await client.GetStringAsync(new Uri($"/containers/{_name}/stats{query}", UriKind.Relative)))!;
    }
}
