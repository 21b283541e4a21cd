using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Agent.Hosting;
using Portal.Agent.Metrics;
using Portal.Agent.Tests.Fakes;
using Portal.Testing;

namespace Portal.Link.Tests;

/// <summary>A whole agent that offers its figures.</summary>
public sealed class AgentMetricsTests : IAsyncLifetime
{
    private const string Token = "a-token-of-the-test-alone";
    private readonly TestInstance _instance = new();
    private readonly FakeEngine _engine = new();
    private IHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        var port = FreePort.Find();
        var values = new Dictionary<string, string?> { ["PORTAL_METRICS"] = $"127.0.0.1:{port}", ["PORTAL_METRICS_TOKEN"] = Token };
        var settings = new AgentSettings
        {
            Data = _instance.DataRoot, Run = _instance.RunRoot, Metrics = MetricsOptions.Read(key => values.GetValueOrDefault(key)),
        };
        _host = AgentApplication.Build(settings, services =>
        {
            _engine.AddTo(services);
            services.AddLogging(logging => logging.ClearProviders());
        });
        await _host.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.StopAsync();
        await Disposal.AllAsync(_host as IAsyncDisposable, _instance);
    }

    [Fact]
    public async Task Metrics_WithTheToken_ReadableByStrictCollectors()
    {
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

        var samples = ExpositionText.Parse(await _client.GetStringAsync("/metrics")).Samples;

        Assert.Equal(8_000_000_000, samples["node_memory_MemTotal_bytes"]);
        Assert.Equal(6_000_000_000, samples["node_memory_MemAvailable_bytes"]);
        Assert.True(samples["node_cpu_seconds_total{cpu=\"0\",mode=\"user\"}"] > 0);
        Assert.Contains("engine_daemon_container_states_containers{state=\"running\"}", samples.Keys);
    }

    [Theory]
    [InlineData("/metrics", null, HttpStatusCode.Unauthorized)]
    [InlineData("/metrics", "wrong-and-long-enough", HttpStatusCode.Unauthorized)]
    [InlineData("/version", null, HttpStatusCode.Unauthorized)]
    [InlineData("/version", Token, HttpStatusCode.NotFound)]
    [InlineData("/v1.41/containers/json", Token, HttpStatusCode.NotFound)]
    [InlineData("/portal.system.v1.SystemService/GetInfo", Token, HttpStatusCode.NotFound)]
    public async Task Listener_AnythingElse_IsNotThere(string path, string? token, HttpStatusCode expected)
    {
        _client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        Assert.Equal(expected, (await _client.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("9273", Token, "")]
    [InlineData("127.0.0.1:0", Token, "")]
    [InlineData("127.0.0.1:9273", "", "")]
    [InlineData("127.0.0.1:9273", "short", "")]
    [InlineData("127.0.0.1:9273", "", "nonsense")]
    public void Options_CannotBeUsed_AreRefusedWithTheirKey(string address, string token, string networks)
    {
        var values = new Dictionary<string, string?>
        {
            ["PORTAL_METRICS"] = address, ["PORTAL_METRICS_TOKEN"] = token.Length == 0 ? null : token,
            ["PORTAL_METRICS_NETWORKS"] = networks.Length == 0 ? null : networks,
        };

        var failure = Assert.Throws<InvalidDataException>(() => MetricsOptions.Read(key => values.GetValueOrDefault(key)));

        Assert.Contains("PORTAL_METRICS", failure.Message, StringComparison.Ordinal);
    }
}
