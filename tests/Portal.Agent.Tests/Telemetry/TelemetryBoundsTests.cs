using System.Text.Json;
using Portal.Agent.Telemetry;
using Portal.Engine.Containers;
using Portal.Engine.Events;

namespace Portal.Agent.Tests.Telemetry;

/// <summary>Messages stay below the portal's limit of 16 MiB, whatever people wrote.</summary>
public sealed class TelemetryBoundsTests
{
    private const int Limit = 16 * 1024 * 1024;

    // Six bytes each in JSON.
    private static readonly string s_large = new('ü', 1_000_000);

    [Fact]
    public void ToEvent_FiveHundredLargeOnes_FitIntoAMessage()
    {
        var attributes = new Dictionary<string, string> { ["big"] = s_large, [s_large] = "", ["image"] = "busybox", ["name"] = "web" };
        for (var i = 0; i < 10_000; i++)
        {
            attributes[$"label{i}"] = "a small value";
        }

        var engineEvent = new EngineEvent(1, default, EngineEventType.Container, s_large, s_large, attributes);

        var news = TelemetryMapping.ToEvent(engineEvent);

        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(news).Length * 500, 1, Limit);
        Assert.Equal(("busybox", "web"), (news.Attributes["image"], news.Attributes["name"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(5000)]
    public void ToView_LargeTexts_FitIntoAMessage(int count)
    {
        var container = new ContainerInfo
        {
            Id = new string('a', 64),
            Name = "web",
            ImageId = "",
            Spec = new ContainerSpec
            {
                Image = "busybox",
                Labels = new Dictionary<string, string> { ["big"] = s_large, ["small"] = "kept" },
            },
            Arguments = [s_large, s_large],
            State = ContainerState.Exited,
            Error = s_large,
        };

        var view = TelemetryMapping.ToView(container, TelemetryBounds.Container(count));

        Assert.InRange((long)JsonSerializer.SerializeToUtf8Bytes(view).Length * count, 1, Limit);
        Assert.Equal("kept", view.Labels["small"]);
    }

    [Fact]
    public void Text_CutWithinACharacter_LeavesItOut() => Assert.Equal("a", TelemetryBounds.Text("a🐳", 2));

    [Fact]
    public void Join_Words_AreJoinedUpToTheLength()
    {
        Assert.Equal("sh -c true", TelemetryBounds.Join(["sh", "-c", "true"], 100));
        Assert.Equal("sh -c", TelemetryBounds.Join(["sh", "-c", "true"], 5));
    }

    [Fact]
    public void Pairs_ThatFit_StayAsTheyAre()
    {
        var pairs = new Dictionary<string, string> { ["key"] = "value" };

        Assert.Same(pairs, TelemetryBounds.Pairs(pairs, 8));
        Assert.Empty(TelemetryBounds.Pairs(pairs, 7));
    }
}
