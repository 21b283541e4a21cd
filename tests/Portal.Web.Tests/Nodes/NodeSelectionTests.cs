using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Nodes;

public sealed class NodeSelectionTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("web-1", true)]
    [InlineData("web-2", false)]
    [InlineData("env:production", true)]
    [InlineData("env:staging", false)]
    [InlineData("env:", false)]
    [InlineData("label:gpu", true)]
    [InlineData("label:rack=a4", true)]
    [InlineData("label:rack", true)]
    [InlineData("label:rack=a5", false)]
    [InlineData("label:", false)]
    public void Holds_Selections_FindTheNode(string selection, bool holds)
    {
        Assert.Null(NodeLabels.TryRead("rack=a4, gpu", out var labels));
        var node = FakeFleet.Node("web-1") with
        {
            Environment = new FleetEnvironment(Guid.CreateVersion7(), "production", "red"),
            Labels = labels,
        };

        Assert.Equal(holds, NodeSelection.Holds(selection, node));
    }

    [Theory]
    [InlineData("a b=c")]
    [InlineData("=x")]
    [InlineData("-a=b")]
    [InlineData("a=1\na=2")]
    [InlineData("a=\u0007")]
    public void TryRead_NoLabels_SaysWhatIsWrong(string text)
    {
        Assert.NotNull(NodeLabels.TryRead(text, out _));
    }

    [Fact]
    public void Write_WhatWasRead_IsReadTheSame()
    {
        NodeLabels.TryRead("b=2\na=1=1,c", out var labels);
        NodeLabels.TryRead(NodeLabels.Write(labels), out var again);

        Assert.Equal("a=1=1\nb=2\nc", NodeLabels.Write(again));
    }
}
