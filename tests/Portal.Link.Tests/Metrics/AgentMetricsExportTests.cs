using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Agent.Hosting;
using Portal.Agent.Tests.Fakes;
using Portal.Contracts.Metrics.Otlp;
using Portal.Testing;
using Portal.Testing.Metrics;

namespace Portal.Link.Tests.Metrics;

/// <summary>A whole agent that sends its figures to a collector.</summary>
public sealed class AgentMetricsExportTests
{
    [Fact]
    public async Task Export_Collector_GetsTheFiguresOfHostAndEngine()
    {
        await using var instance = new TestInstance();
        await using var collector = await OtlpCollector.StartAsync();
        var values = new Dictionary<string, string?> { ["PORTAL_OTLP"] = collector.Address.ToString(), ["PORTAL_OTLP_SECONDS"] = "1" };
        var settings = new AgentSettings
        {
            Data = instance.DataRoot, Run = instance.RunRoot, Otlp = OtlpOptions.Read(key => values.GetValueOrDefault(key), out _),
        };
        var engine = new FakeEngine();
        using var host = AgentApplication.Build(settings, services =>
        {
            engine.AddTo(services);
            services.AddLogging(logging => logging.ClearProviders());
        });
        await host.StartAsync();

        await Eventually.HoldsAsync(() => collector.Taken.Count >= 2, "two rounds");

        Assert.Equal(8_000_000_000, collector.Values["node_memory_MemTotal_bytes{}"]);
        Assert.True(collector.Values["node_cpu_seconds_total{cpu=\"0\",mode=\"user\"}"] > 0);
        Assert.Contains("engine_daemon_container_states_containers{state=\"running\"}", collector.Values.Keys);
        var resource = OtlpCollector.ResourceOf(collector.Taken[0].Request);
        Assert.Equal("portal-agent", resource["service.name"]);
        Assert.Contains(settings.Paths.InstanceName, resource["service.instance.id"], StringComparison.Ordinal);
        await host.StopAsync();
    }
}
