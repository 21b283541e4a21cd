using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Contracts.Hubs;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Telemetry;

namespace Portal.Link.Tests;

/// <summary>A node that joined properly and then tells what no agent of ours would: the portal's pages must not suffer.</summary>
public sealed class HostileTelemetryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Facts = """{"hostname":"h"}""";
    private readonly TestInstance _instance = new();
    private readonly RecordingLogger<TelemetryRules> _log = new();
    private TestPortal _portal = null!;
    private RawTelemetry _telemetry = null!;
    private Guid _node;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public async Task DisposeAsync()
    {
        _telemetry?.Dispose();
        await Disposal.AllAsync(_portal, _instance);
    }

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(
            postgres.ConnectionString, _instance.DataRoot, services => services.AddSingleton<ILogger<TelemetryRules>>(_log));
        (_telemetry, _node) = await RawTelemetry.ConnectAsync(_portal, _instance.TempPath("identity"));
    }

    [Theory]
    [InlineData("""{"lastSequence":0,"info":null,"containers":[]}""", "info")]
    [InlineData("""{"lastSequence":0,"containers":[]}""", "info")]
    [InlineData("""{"lastSequence":0,"info":{"hostname":null},"containers":[]}""", "info.hostname")]
    [InlineData("""{"lastSequence":0,"info":{}}""", "containers")]
    [InlineData("""{"lastSequence":0,"info":{},"containers":[null]}""", "containers[0]")]
    [InlineData("""{"lastSequence":0,"info":{},"containers":[{"id":"a","name":null,"state":"running"}]}""", "containers[0].name")]
    [InlineData("""{"lastSequence":0,"info":{},"containers":[{"id":"a","name":"b","state":"running","ports":[null]}]}""", "containers[0].ports[0]")]
    [InlineData("""{"lastSequence":0,"info":{},"containers":[{"id":"a","name":"b","state":"running","labels":{"x":null}}]}""", "containers[0].labels[\"x\"]")]
    [InlineData("null", "the message itself")]
    public async Task Announce_SomethingIsNull_IsRefusedAndLoggedAndShowsNothing(string snapshot, string missing)
    {
        var error = await _telemetry.CallAsync(nameof(ITelemetryHub.Announce), snapshot);

        Assert.Contains($"lacks '{missing}'", error, StringComparison.Ordinal);
        Assert.Contains(_log.Entries, entry => entry.Contains(_node.ToString(), StringComparison.Ordinal)
            && entry.Contains($"without '{missing}'", StringComparison.Ordinal));
        Assert.Empty(State.Containers);
        Assert.Null(State.Facts);
    }

    [Theory]
    [InlineData(nameof(ITelemetryHub.ReportEvents), "[null]", "[0]")]
    [InlineData(nameof(ITelemetryHub.ReportEvents), """[{"sequence":1,"time":"2026-01-01T00:00:00Z","type":null,"action":"a","actorId":"b","attributes":{}}]""", "[0].type")]
    [InlineData(nameof(ITelemetryHub.ReportContainers), """{"changed":[null],"removedIds":[]}""", "changed[0]")]
    [InlineData(nameof(ITelemetryHub.ReportContainers), """{"changed":[],"removedIds":[null]}""", "removedIds[0]")]
    [InlineData(nameof(ITelemetryHub.ReportNode), "null", "the message itself")]
    [InlineData(nameof(ITelemetryHub.ReportStats), """{"samples":[null]}""", "samples[0]")]
    [InlineData(nameof(ITelemetryHub.ReportHistory), """{"samples":[null]}""", "samples[0]")]
    [InlineData(nameof(ITelemetryHub.ReportHistory), """{"samples":[{"containerId":null}]}""", "samples[0].containerId")]
    [InlineData(nameof(ITelemetryHub.ReportLogs), """{"subscriptionId":"s","lines":[{"time":"2026-01-01T00:00:00Z","isError":false,"text":null}],"dropped":0,"ended":false,"error":null}""", "lines[0].text")]
    public async Task Report_SomethingIsNull_IsRefusedAndTheConnectionGoesOn(string call, string argument, string missing)
    {
        await AnnounceAsync("[]");

        Assert.Contains($"lacks '{missing}'", await _telemetry.CallAsync(call, argument), StringComparison.Ordinal);
        await AnnounceAsync("[]");
    }

    [Fact]
    public async Task Containers_MoreThanAreShown_AreLeftOutWithOneLogLine()
    {
        var names = Enumerable.Range(0, TelemetryRules.MostContainers + 5).Select(number => $"c{number}");
        await AnnounceAsync(JsonSerializer.Serialize(names.Select(Container), JsonSerializerOptions.Web));
        var more = new { changed = new[] { Container("one-more"), Container("c7") with { State = "exited" } }, removedIds = Array.Empty<string>() };
        Assert.Null(await _telemetry.CallAsync(nameof(ITelemetryHub.ReportContainers), JsonSerializer.Serialize(more, JsonSerializerOptions.Web)));
        Assert.Equal(TelemetryRules.MostContainers, State.Containers.Count);
        Assert.Equal("exited", State.Containers["c7"].State);
        Assert.DoesNotContain("one-more", State.Containers.Keys);

        var instead = new { changed = new[] { Container("instead") }, removedIds = new[] { "c3" } };
        Assert.Null(await _telemetry.CallAsync(nameof(ITelemetryHub.ReportContainers), JsonSerializer.Serialize(instead, JsonSerializerOptions.Web)));
        Assert.Contains("instead", State.Containers.Keys);
        Assert.Single(_log.Entries, entry => entry.Contains("containers above the 10000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_MoreThanAreTakenAtOnce_FirstAreKeptAndTheOthersAskedForAgain()
    {
        await AnnounceAsync("[]");
        var images = State.ImagesVersion;
        var events = Enumerable.Range(1, TelemetryRules.MostEvents + 200).Select(number => new NodeEvent(
            number, DateTimeOffset.UnixEpoch, "image", "pull", "id", new Dictionary<string, string>()));
        Assert.Null(await _telemetry.CallAsync(
            nameof(ITelemetryHub.ReportEvents), JsonSerializer.Serialize(events, JsonSerializerOptions.Web)));

        Assert.Equal(Enumerable.Range(1, TelemetryRules.MostEvents).Select(number => (long)number), await _portal.ReadSequencesAsync(_node));
        Assert.True(State.ImagesVersion > images);
        Assert.Single(_log.Entries, entry => entry.Contains("sent 1200 events at once", StringComparison.Ordinal));
    }

    private NodeState State => _portal.Fleet.Current.Nodes[_node];

    private async Task AnnounceAsync(string containers) => Assert.Null(await _telemetry.CallAsync(
        nameof(ITelemetryHub.Announce), $$"""{"lastSequence":0,"info":{{Facts}},"containers":{{containers}}}"""));

    private static ContainerView Container(string name) => new() { Id = name, Name = name, State = "running" };
}
