using System.Collections.Immutable;
using Portal.Contracts.Hubs;
using Portal.Web.Features.Logs;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Logs;

public sealed class LogSelectionTests
{
    private readonly NodeState[] _nodes =
    [
        Node("n1", ("web", "shop", "running"), ("db", "shop", "exited")),
        Node("n2", ("web", "blog", "running")),
    ];

    [Theory]
    [InlineData("", "n1/web n2/web n1/db")]
    [InlineData("q=WEB", "n1/web n2/web")]
    [InlineData("q=busybox", "n1/web n2/web n1/db")]
    [InlineData("node=n1", "n1/web n1/db")]
    [InlineData("stack=shop", "n1/web n1/db")]
    [InlineData("label=com.docker.compose.project", "n1/web n2/web n1/db")]
    [InlineData("label=com.docker.compose.project=blog", "n2/web")]
    [InlineData("label=other", "")]
    [InlineData("c=n2/web&c=n1/db", "n2/web n1/db")]
    [InlineData("c=n2/gone", "")]
    public void Choose_Address_GivesItsContainers(string address, string expected)
    {
        var selection = LogSelection.Parse($"http://portal/logs?{address}");

        var chosen = selection.Choose(selection.Fitting(_nodes));

        Assert.Equal(expected, string.Join(' ', chosen.Select(source => $"{source.NodeName}/{source.Container.Name}")));
    }

    [Fact]
    public void Choose_ManyContainers_ShowsNoMoreThanCanBeReadAtOnce()
    {
        var node = Node("n1", [.. Enumerable.Range(0, 80).Select(i => ($"c{i}", "", "running"))]);
        var selection = LogSelection.Parse("http://portal/logs");

        Assert.Equal(LogSelection.Most, selection.Choose(selection.Fitting([node])).Count);
    }

    [Theory]
    [InlineData("find=a%20b&regex=1&not=1&fields=level%3Derror&level=warn&times=utc&wrap=1&side=1")]
    [InlineData("")]
    public void Options_Address_IsTheirWholeState(string address)
    {
        var options = LogViewOptions.Parse($"http://portal/logs?{address}");

        var written = options.ToAddress()
            .Where(part => part.Value is not null)
            .Select(part => $"{part.Key}={Uri.EscapeDataString((string)part.Value!)}");

        Assert.Equal(address, string.Join('&', written));
    }

    [Fact]
    public void Moment_Microsecond_HoldsAllOfItsTimes()
    {
        var time = new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);

        var at = LogMoment.Of(time);

        Assert.InRange(time, LogMoment.Begin(at), LogMoment.End(at));
        Assert.Equal((at, "ab12"), LogMoment.Parse($"http://portal/logs?at={at}&line=ab12"));
        Assert.Null(LogMoment.Parse("http://portal/logs?at=x"));
        Assert.Equal(DateTimeOffset.MaxValue.Year, LogMoment.End(long.MaxValue).Year);
    }

    private static NodeState Node(string name, params (string Name, string Stack, string State)[] containers) => FakeFleet.Node(name) with
    {
        Containers = containers
            .Select((item, index) => new ContainerView
            {
                Id = $"{index:d64}", Name = item.Name, State = item.State, Image = "busybox",
                Labels = new Dictionary<string, string> { ["com.docker.compose.project"] = item.Stack },
            })
            .ToImmutableDictionary(container => container.Id),
    };
}
