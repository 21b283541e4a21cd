using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Hubs;
using Portal.Contracts.Metrics;
using Portal.Testing;
using Portal.Web.Features.Stats.History;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Metrics;

public sealed class MetricsEndpointTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Token = "a-token-of-the-test-alone";

    [Fact]
    public async Task Metrics_NothingIsSet_RefusedToEverybody()
    {
        using var anybody = portal.CreateClient();
        using var administrator = await portal.SignInAsync("admin");

        Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.GetAsync("/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await administrator.GetAsync("/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(portal.Address, "Bearer "));
    }

    [Fact]
    public async Task Metrics_TokenIsSet_OnlyThatTokenOpensIt()
    {
        await using var own = portal.Create(["--PORTAL_METRICS_TOKEN", Token]);
        await own.StartAsync(default);

        Assert.Equal(HttpStatusCode.OK, await AskAsync(own.Address, "Bearer " + Token));
        foreach (var wrong in new[] { "Bearer " + Token[..^1], "Bearer " + Token + "x", "Basic " + Token, Token, "Bearer" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(own.Address, wrong));
        }

        await own.StopAsync(default);
    }

    [Fact]
    public async Task Metrics_NetworkIsAllowed_ReadableByStrictCollectors()
    {
        await using var own = portal.Create(["--PORTAL_METRICS_NETWORKS", "10.0.0.0/8, 127.0.0.0/8"]);
        await own.StartAsync(default);
        var container = new ContainerView
        {
            Id = new string('a', 64), Name = "we\"b\\\n", Image = "nginx", State = "running", Health = "unhealthy", RestartCount = 3,
            StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(5),
        };
        var node = FakeFleet.Node("metered") with
        {
            Containers = ImmutableDictionary<string, ContainerView>.Empty.Add(container.Id, container),
        };
        portal.Fleet.Set(node);
        own.Services.GetRequiredService<StatsBuckets>().Add(
            node.Id, new StatsSample(container.Id, TimeProvider.System.GetUtcNow(), 1_500_000_000, 4, 42, 100, 1, 2, 3, 4, 5));
        using var client = portal.CreateClient(own.Address);

        using var answer = await client.GetAsync("/metrics");

        Assert.Equal(ExpositionWriter.ContentType, answer.Content.Headers.ContentType!.ToString());
        var samples = ExpositionText.Parse(await answer.Content.ReadAsStringAsync()).Samples;
        var labels = $"id=\"{container.Id}\",name=\"we\"b\\\n\",image=\"nginx\",node=\"metered\",node_id=\"{node.Id}\"";
        Assert.Equal(1.5, samples[$"container_cpu_usage_seconds_total{{{labels}}}"]);
        Assert.Equal(42, samples[$"container_memory_working_set_bytes{{{labels}}}"]);
        Assert.Equal(1, samples[$"portal_node_up{{node=\"metered\",node_id=\"{node.Id}\"}}"]);
        Assert.Equal(
            0, samples[$"container_health_state{{id=\"{container.Id}\",name=\"we\"b\\\n\",node=\"metered\",node_id=\"{node.Id}\"}}"]);
        Assert.True(samples["process_resident_memory_bytes"] > 1_000_000);
        await own.StopAsync(default);
    }

    [Fact]
    public async Task Metrics_MoreContainersThanTheLimit_AreSumsByNodeAndStackAlone()
    {
        await using var own = portal.Create(["--PORTAL_METRICS_NETWORKS", "127.0.0.0/8", "--PORTAL_METRICS_CONTAINERS", "2"]);
        await own.StartAsync(default);
        var node = FakeFleet.Node("crowded") with
        {
            Containers = Enumerable.Range(0, 3).Select(number => new ContainerView
            {
                Id = $"crowd-{number}", Name = $"web-{number}", State = number == 0 ? "exited" : "running",
                Labels = new Dictionary<string, string> { ["com.docker.compose.project"] = number == 2 ? "" : "shop" },
            }).ToImmutableDictionary(container => container.Id),
        };
        portal.Fleet.Set(node);
        own.Services.GetRequiredService<StatsBuckets>().Add(
            node.Id, new StatsSample("crowd-1", TimeProvider.System.GetUtcNow(), 1, 4, 42, 100, 1, 2, 3, 4, 5));
        using var client = portal.CreateClient(own.Address);

        var text = await client.GetStringAsync("/metrics");

        var samples = ExpositionText.Parse(text).Samples;
        var labels = $"node=\"crowded\",node_id=\"{node.Id}\",stack=\"shop\"";
        Assert.Equal(2, samples[$"portal_stack_containers{{{labels}}}"]);
        Assert.Equal(1, samples[$"portal_stack_containers_running{{{labels}}}"]);
        Assert.Equal(42, samples[$"portal_stack_memory_working_set_bytes{{{labels}}}"]);
        Assert.True(samples["portal_metrics_containers_omitted"] >= 3);
        Assert.DoesNotContain("container_restarts_total", text, StringComparison.Ordinal);
        portal.Fleet.Remove(node.Id);
        await own.StopAsync(default);
    }

    [Fact]
    public async Task Flush_ALongAnswer_IsSentInPartsAndWhole()
    {
        var (whole, parted, answer) = (new ExpositionWriter(), new ExpositionWriter(), new Parts());
        foreach (var writer in new[] { whole, parted })
        {
            writer.Family("portal_test", MetricType.Gauge, "A test.");
            for (var number = 0; number < 20_000; number++)
            {
                writer.Sample(number, ("name", $"wörter 🚢 {number}"));
                if (writer == parted && number % 97 == 0)
                {
                    await writer.FlushAsync(answer, default);
                }
            }
        }

        await parted.FlushAsync(answer, default);

        Assert.Equal(whole.ToBytes(), answer.ToArray());
        Assert.InRange(answer.Longest, 1, 64 * 1024);
    }

    [Theory]
    [InlineData("", "10.0.0.0/8", "10.1.2.3", null, true)]
    [InlineData("", "10.0.0.0/8", "::ffff:10.1.2.3", null, true)]
    [InlineData("", "10.0.0.0/8", "11.1.2.3", null, false)]
    [InlineData("", "fd00::1", "fd00::1", null, true)]
    [InlineData("", "fd00::1", "fd00::2", null, false)]
    [InlineData("", "", "127.0.0.1", null, false)]
    [InlineData("", "", "127.0.0.1", "Bearer ", false)]
    [InlineData(Token, "", "1.2.3.4", "bearer " + Token, true)]
    [InlineData(Token, "", null, null, false)]
    public void Access_Asked_DeniesByDefault(string token, string networks, string? address, string? header, bool allowed)
    {
        var access = MetricsAccess.Parse(token, networks, out var problem);

        Assert.Null(problem);
        Assert.Equal(allowed, access.Allows(address is null ? null : IPAddress.Parse(address), header));
    }

    [Theory]
    [InlineData("short", "", "PORTAL_METRICS_TOKEN")]
    [InlineData("", "10.0.0.0/8,nonsense", "PORTAL_METRICS_NETWORKS")]
    public void Access_SettingIsWrong_IsSaidAndAllowsNobody(string token, string networks, string key)
    {
        var access = MetricsAccess.Parse(token, networks, out var problem);

        Assert.Contains(key, problem, StringComparison.Ordinal);
        Assert.False(access.Allows(IPAddress.Parse("10.0.0.1"), "Bearer short"));
    }

    private sealed class Parts : MemoryStream
    {
        public int Longest { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Longest = Math.Max(Longest, buffer.Length);
            return base.WriteAsync(buffer, cancellationToken);
        }
    }

    private static async Task<HttpStatusCode> AskAsync(Uri address, string header)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Authorization", header);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
