using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Volumes.V1;
using Portal.Web.Features.Volumes.Listing;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Volumes;

public sealed class VolumeQueryTests
{
    private static readonly VolumeRow[] s_rows =
    [
        Row("edge", "web-data", size: 30, day: 1, "front"),
        Row("edge", new string('f', 64), size: 50, day: 3, anonymous: true),
        Row("core", "db", size: null, day: 2, "store", "backup"),
        Row("core", "cache", size: 10, day: 4),
    ];

    [Theory]
    [InlineData(null, null, null, null, "cache db web-data ffff")]
    [InlineData("WEB", null, null, null, "web-data")]
    [InlineData("store", null, null, null, "db")]
    [InlineData("team=x", null, null, null, "cache db web-data ffff")]
    [InlineData(null, "edge", null, null, "web-data ffff")]
    [InlineData(null, null, "used", null, "db web-data")]
    [InlineData(null, null, "unused", null, "cache ffff")]
    [InlineData(null, null, "anonymous", null, "ffff")]
    [InlineData(null, null, null, "-size", "ffff web-data cache db")]
    [InlineData(null, null, null, "-created", "cache ffff db web-data")]
    [InlineData(null, null, null, "-used", "db web-data cache ffff")]
    [InlineData(null, null, "9", "nonsense", "cache db web-data ffff")]
    public void Apply_PartsOfAnAddress_ChooseAndSort(string? search, string? node, string? use, string? sort, string expected)
    {
        var rows = VolumeQuery.Read(search, node, use, sort).Apply(s_rows);

        Assert.Equal(expected, string.Join(' ', rows.Select(row => row.Volume.Anonymous ? row.Name[..4] : row.Name)));
    }

    [Fact]
    public void ToAddress_WhatWasRead_IsTheSameAgainAndDefaultsAreLeftOut()
    {
        var query = VolumeQuery.Read("a b", "edge", "unused", "-size");
        var address = query.ToAddress();

        Assert.Equal(query, VolumeQuery.Read((string?)address["q"], (string?)address["node"], (string?)address["use"], (string?)address["sort"]));
        Assert.All(VolumeQuery.Read(" ", "", "all", "name").ToAddress().Values, Assert.Null);
    }

    [Theory]
    [InlineData("", "folder")]
    [InlineData("type=tmpfs", "memory")]
    [InlineData("type=nfs", "NFS")]
    [InlineData("type=none", "bind")]
    [InlineData("type=ext4", "ext4")]
    public void Kind_Options_AreInWords(string option, string expected)
    {
        var volume = new Volume { Name = "v" };
        if (option.Length > 0)
        {
            volume.Options[option.Split('=')[0]] = option.Split('=')[1];
        }

        Assert.Equal(expected, new VolumeRow(Node("n"), volume, true).Kind);
    }

    [Fact]
    public void Users_WhoMayNotSeeContainers_AreCountedAlone()
    {
        var volume = new Volume { Name = "v", Users = { new VolumeUser { Name = "secret" } } };

        var row = new VolumeRow(Node("n"), volume, showsUsers: false);

        Assert.Empty(row.Users);
        Assert.True(row.IsUsed);
        Assert.False(row.Matches("secret"));
    }

    private static NodeState Node(string name) => new() { Id = Guid.NewGuid(), Name = name, Presence = NodePresence.Online };

    private static VolumeRow Row(string node, string name, long? size, int day, params string[] users) => Row(node, name, size, day, false, users);

    private static VolumeRow Row(string node, string name, long? size, int day, bool anonymous, params string[] users)
    {
        var volume = new Volume { Name = name, Anonymous = anonymous, CreatedAt = DateTimeOffset.UnixEpoch.AddDays(day).ToTimestamp() };
        volume.Labels["team"] = "x";
        if (size is { } bytes)
        {
            volume.SizeBytes = bytes;
        }

        volume.Users.AddRange(users.Select(user => new VolumeUser { Name = user, ContainerId = user, Running = true }));
        return new VolumeRow(Node(node), volume, showsUsers: true);
    }
}
