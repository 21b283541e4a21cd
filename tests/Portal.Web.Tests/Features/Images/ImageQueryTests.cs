using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Hubs;
using Portal.Contracts.Images.V1;
using Portal.Web.Features.Images.Dialogs;
using Portal.Web.Features.Images.Listing;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Images;

public sealed class ImageQueryTests
{
    private static readonly ImageRow[] s_rows =
    [
        Row("edge", 'a', ["web:2", "web:latest"], size: 30, day: 1, used: ["front"]),
        Row("edge", 'b', [], size: 50, day: 3),
        Row("core", 'c', ["registry:5000/db:1"], size: 10, day: 2, labels: ("team", "data")),
        Row("core", 'a', ["web:2"], size: 30, day: 1, hidden: 2),
    ];

    [Theory]
    [InlineData(null, null, null, null, "core/c core/a edge/a edge/b")]
    [InlineData("WEB", null, null, null, "core/a edge/a")]
    [InlineData("front", null, null, null, "edge/a")]
    [InlineData("team=da", null, null, null, "core/c")]
    [InlineData("sha256:bbb", null, null, null, "edge/b")]
    [InlineData("bbb", null, null, null, "edge/b")]
    [InlineData("nothing", null, null, null, "")]
    [InlineData(null, "edge", null, null, "edge/a edge/b")]
    [InlineData(null, null, "used", null, "core/a edge/a")]
    [InlineData(null, null, "unused", null, "core/c edge/b")]
    [InlineData(null, null, "dangling", null, "edge/b")]
    [InlineData(null, null, "damaged", null, "core/c")]
    [InlineData(null, null, null, "size", "core/c core/a edge/a edge/b")]
    [InlineData(null, null, null, "-size", "edge/b core/a edge/a core/c")]
    [InlineData(null, null, null, "-built", "edge/b core/c core/a edge/a")]
    [InlineData(null, null, null, "-used", "core/a edge/a core/c edge/b")]
    [InlineData(null, null, null, "node", "core/c core/a edge/a edge/b")]
    [InlineData(null, null, "7", "-99", "edge/b core/a edge/a core/c")]
    public void Apply_PartsOfAnAddress_ChooseAndSort(string? search, string? node, string? use, string? sort, string expected)
    {
        var rows = ImageQuery.Read(search, node, use, sort).Apply(s_rows);

        Assert.Equal(expected, string.Join(' ', rows.Select(row => $"{row.NodeName}/{row.Image.Id[7]}")));
    }

    [Fact]
    public void ToAddress_WhatWasRead_IsTheSameAgainAndDefaultsAreLeftOut()
    {
        var query = ImageQuery.Read("a b", "edge", "dangling", "-size");
        var address = query.ToAddress();

        var again = ImageQuery.Read(
            (string?)address["q"], (string?)address["node"], (string?)address["use"], (string?)address["sort"]);
        Assert.Equal(query, again);
        Assert.All(ImageQuery.Read(" ", "", "all", "name").ToAddress().Values, Assert.Null);
        Assert.All(ImageQuery.Read("", null, "nonsense", "nonsense").ToAddress().Values, Assert.Null);
    }

    [Fact]
    public void SortedBy_SameColumnAgain_TurnsRound()
    {
        var query = ImageQuery.Read(null, null, null, null);

        Assert.Equal((ImageSort.Size, true), Of(query.SortedBy(ImageSort.Size)));
        Assert.Equal((ImageSort.Size, false), Of(query.SortedBy(ImageSort.Size).SortedBy(ImageSort.Size)));
        Assert.Equal((ImageSort.Name, true), Of(query.SortedBy(ImageSort.Name)));
        static (ImageSort, bool) Of(ImageQuery query) => (query.Sort, query.Descending);
    }

    [Theory]
    [InlineData("sha256:0123456789abcdef", "0123456789ab")]
    [InlineData("0123456789abcdef", "0123456789ab")]
    [InlineData("sha256:01", "01")]
    [InlineData("", "")]
    public void ShortId_AnyLength_IsCutAndNeverFails(string id, string expected) => Assert.Equal(expected, ImageText.ShortId(id));

    [Theory]
    [InlineData("busybox:1.36", "busybox", "1.36")]
    [InlineData("host:5000/a/b:c", "host:5000/a/b", "c")]
    [InlineData("host:5000/a/b", "host:5000/a/b", "")]
    [InlineData("a@sha256:00", "a@sha256:00", "")]
    public void Split_Names_TellRepositoryAndTag(string name, string repository, string tag) =>
        Assert.Equal((repository, tag), ImageText.Split(name));

    [Theory]
    [InlineData("/bin/sh -c #(nop)  CMD [\"sh\"]", "CMD [\"sh\"]")]
    [InlineData("/bin/sh -c apt-get update", "RUN apt-get update")]
    [InlineData("RUN /bin/sh -c make # buildkit", "RUN make")]
    [InlineData("COPY . /app # buildkit", "COPY . /app")]
    [InlineData("bazel build", "bazel build")]
    public void Command_WhatBuildersWrote_ReadsAsInTheDockerfile(string createdBy, string expected) =>
        Assert.Equal(expected, ImageText.Command(createdBy));

    [Theory]
    [InlineData("", "docker.io", "")]
    [InlineData("busy", "docker.io", "busy")]
    [InlineData("team/app:1", "docker.io", "team/app")]
    [InlineData("docker.io/library/busybox", "docker.io", "library/busybox")]
    [InlineData("host:5000/team/app:2", "host:5000", "team/app")]
    [InlineData("host:5000/", "host:5000", "")]
    public void Split_UnfinishedName_TellsWhereAndWhatToLookFor(string reference, string host, string term) =>
        Assert.Equal((host, term), RegistrySearch.Split(reference));

    private static ImageRow Row(
        string node, char id, string[] names, long size, int day, string[]? used = null, int hidden = 0, (string, string)? labels = null)
    {
        var image = new Image
        {
            Id = "sha256:" + new string(id, 64),
            SizeBytes = size,
            Containers = hidden,
            CreatedAt = DateTimeOffset.UnixEpoch.AddDays(day).ToTimestamp(),
        };
        image.Names.AddRange(names);
        image.Problem = labels is null ? "" : "A layer of it is not what its digest says.";
        if (labels is var (key, value))
        {
            image.Labels[key] = value;
        }

        var users = (used ?? []).Select(name => new ContainerView { Id = name, Name = name, State = "running" });
        return new ImageRow(new NodeState { Id = Guid.NewGuid(), Name = node, Presence = NodePresence.Online }, image, [.. users]);
    }
}
