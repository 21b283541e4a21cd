using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Contracts.Hubs;
using Portal.Testing;
using Portal.Testing.Metrics;
using Portal.Web.Features.Stats.History;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Metrics;

/// <summary>Whole portals that send their figures to a collector.</summary>
public sealed class MetricsExportTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Token = "a-token-of-the-test-alone";

    [Fact]
    public async Task Export_TwoPortals_TellOfThemselvesAndOneOfTheFleet()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var container = new ContainerView { Id = new string('a', 64), Name = "web", Image = "nginx", State = "running", RestartCount = 3 };
        var node = FakeFleet.Node("metered") with { Containers = ImmutableDictionary<string, ContainerView>.Empty.Add(container.Id, container) };
        portal.Fleet.Set(node);
        string[] flags =
        [
            "--PORTAL_OTLP", collector.Address.ToString(), "--PORTAL_OTLP_SECONDS", "1",
            "--PORTAL_OTLP_HEADERS", $"authorization=Bearer%20{Token}", "--PORTAL_OTLP_ATTRIBUTES", "deployment.environment.name=test",
        ];
        await using var one = portal.Create(flags);
        await one.StartAsync(default);
        one.Services.GetRequiredService<StatsBuckets>().Add(
            node.Id, new StatsSample(container.Id, TimeProvider.System.GetUtcNow(), 1_500_000_000, 4, 42, 100, 1, 2, 3, 4, 5));

        var labels = $"id=\"{container.Id}\",name=\"web\",image=\"nginx\",node=\"metered\",node_id=\"{node.Id}\"";
        await Eventually.HoldsAsync(() => collector.Values.ContainsKey($"container_cpu_usage_seconds_total{{{labels}}}"), "the fleet's figures");
        Assert.Equal(1.5, collector.Values[$"container_cpu_usage_seconds_total{{{labels}}}"]);
        Assert.Equal(1, collector.Values[$"portal_node_up{{node=\"metered\",node_id=\"{node.Id}\"}}"]);
        Assert.All(collector.Taken, taken => Assert.Equal("Bearer " + Token, taken.Authorization));

        await using var other = portal.Create([.. flags, "--PORTAL_OTLP_ATTRIBUTES", "deployment.environment.name=test,service.instance.id=other"]);
        var before = collector.Taken.Count;
        await other.StartAsync(default);
        await Eventually.HoldsAsync(() => Own(collector).Count(id => id == "other") >= 2, "two rounds of the other portal");

        var since = collector.Taken.Skip(before).Select(taken => taken.Request).ToList();
        Assert.DoesNotContain(since, request => OtlpCollector.ValuesOf(request).Any(value => value.Key.StartsWith("portal_nodes", StringComparison.Ordinal))
            && OtlpCollector.ResourceOf(request).ContainsKey("service.instance.id"));
        Assert.All(collector.Taken, taken => Assert.Equal("test", OtlpCollector.ResourceOf(taken.Request)["deployment.environment.name"]));

        // The first one goes; the other takes over what one alone tells.
        await one.StopAsync(default);
        var gone = collector.Taken.Count;
        await Eventually.HoldsAsync(
            () => collector.Taken.Skip(gone).Any(taken => OtlpCollector.ValuesOf(taken.Request)
                .Any(value => value.Key.StartsWith("portal_nodes", StringComparison.Ordinal))),
            "the fleet's figures from the other portal");
        await other.StopAsync(default);
        Assert.DoesNotContain(portal.Logs.Lines, line => line.Contains(Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_CollectorRefuses_IsSaidOnceAndThatItTakesThemAgain()
    {
        await using var collector = await OtlpCollector.StartAsync();
        for (var call = 0; call < 2; call++)
        {
            collector.AnswerNext(response =>
            {
                response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            });
        }

        await using var own = portal.Create(["--PORTAL_OTLP", collector.Address.ToString(), "--PORTAL_OTLP_SECONDS", "1"]);
        await own.StartAsync(default);

        await Eventually.HoldsAsync(() => Lines("takes metrics again").Any(), "the collector takes them again");
        Assert.Single(Lines("did not take all metrics"));
        await own.StopAsync(default);
    }

    [Fact]
    public void Export_SettingIsWrong_ThePortalIsNotMade()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => portal.Create(["--PORTAL_OTLP", "not an address"]));

        Assert.Contains("PORTAL_OTLP", failure.Message, StringComparison.Ordinal);
    }

    private IEnumerable<string> Lines(string text) => portal.Logs.Lines.Where(line => line.Contains(text, StringComparison.Ordinal));

    private static IEnumerable<string?> Own(OtlpCollector collector) =>
        collector.Taken.Select(taken => OtlpCollector.ResourceOf(taken.Request).GetValueOrDefault("service.instance.id"));
}
