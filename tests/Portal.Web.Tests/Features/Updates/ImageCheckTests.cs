using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Contracts.Hubs;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Registries.V1;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Testing.Engine;
using Portal.Web.Features.Registries.Storage;
using Portal.Web.Features.Updates;
using Portal.Web.Features.Updates.Checking;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Updates;

/// <summary>Newer images, with a clock, nodes and a registry that the test holds, in a real database.</summary>
public sealed class ImageCheckTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static readonly string s_old = "sha256:" + new string('1', 64);
    private static readonly string s_new = "sha256:" + new string('2', 64);
    private readonly string _host = $"{Guid.NewGuid():n}.example.com";
    private readonly FakeTimeProvider _time = new();
    private readonly FakeFleet _fleet = new();
    private readonly UpdateNode _nodes = new();
    private readonly ImageUpdates _updates = new();

    private IDbContextFactory<PortalDbContext> Contexts => portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();

    [Fact]
    public async Task Tag_ThatMoves_IsTold_WithoutAPull()
    {
        var (node, container) = Runs("team/app:1");
        _nodes.Registry = _ => new ResolveTagResponse { Digest = s_old };
        using var worker = Worker();

        await LookAsync(worker);
        var before = _updates.Of(node, container);
        var version = _updates.Version;
        _nodes.Registry = _ => new ResolveTagResponse { Digest = s_new };
        await LookAsync(worker);
        var soon = _updates.Of(node, container);
        _time.Advance(TimeSpan.FromHours(8));
        await LookAsync(worker);
        var after = _updates.Of(node, container);

        Assert.Equal((UpdateState.Current, UpdateState.Current), (before.State, soon.State));
        Assert.Equal((UpdateState.Available, s_new), (after.State, after.Digest));
        Assert.True(_updates.Version > version);
        Assert.Equal([$"{_host}/team/app:1", $"{_host}/team/app:1"], _nodes.Asked.Select(asked => asked.Request.Image));
        Assert.All(_nodes.Asked, asked => Assert.Equal("registries.view", asked.Permission));
    }

    [Fact]
    public async Task Images_ThatCameFromNoRegistryOrAreFixed_AreNotAskedFor()
    {
        var (_, fixedByDigest) = Runs($"team/app@{s_old}");
        var (node, built) = Built("team/built:1");
        using var worker = Worker();

        await LookAsync(worker);

        Assert.Empty(_nodes.Asked);
        Assert.Equal(
            [UpdateState.Unknown, UpdateState.Unknown], new[] { fixedByDigest, built }.Select(one => _updates.Of(node, one).State));
    }

    [Fact]
    public async Task Registry_ThatAsksToComeLessOften_IsLeftAloneForAllOfItsTags()
    {
        var (node, first) = Runs("team/app:1", "team/app:2");
        _nodes.Registry = _ => new ResolveTagResponse { RetryAfter = Duration.FromTimeSpan(TimeSpan.FromHours(2)) };
        using var worker = Worker();

        await LookAsync(worker);
        var asked = _nodes.Asked.Count;
        _time.Advance(TimeSpan.FromHours(1.9));
        await LookAsync(worker);
        var waited = _nodes.Asked.Count;
        var told = _updates.Of(node, first);
        _nodes.Registry = _ => new ResolveTagResponse { Digest = s_old };
        _time.Advance(TimeSpan.FromHours(1.2));
        await LookAsync(worker);

        Assert.InRange(asked, 1, 2);
        Assert.Equal(asked, waited);
        Assert.Equal(UpdateState.Unknown, told.State);
        Assert.Equal(asked + 2, _nodes.Asked.Count);
        Assert.Equal(UpdateState.Current, _updates.Of(node, first).State);
    }

    [Fact]
    public async Task Registry_ThatIsAway_IsAskedLessAndLess_AndWhatWasSeenStays()
    {
        var (node, container) = Runs("team/app:1");
        _nodes.Registry = _ => new ResolveTagResponse { Digest = s_new };
        using var worker = Worker();
        await LookAsync(worker);
        _nodes.Registry = _ => throw new RpcException(new Status(StatusCode.Unavailable, "The registry is away."));
        _time.Advance(TimeSpan.FromHours(8));
        await LookAsync(worker);
        var failed = _updates.Of(node, container);
        var afterOne = _nodes.Asked.Count;
        _time.Advance(TimeSpan.FromMinutes(20));
        await LookAsync(worker);
        var afterTwo = _nodes.Asked.Count;
        _time.Advance(TimeSpan.FromMinutes(20));
        await LookAsync(worker);

        Assert.Equal((2, 3, 3), (afterOne, afterTwo, _nodes.Asked.Count));
        Assert.Equal((UpdateState.Available, s_new), (failed.State, failed.Digest));
        Assert.Contains("The registry is away.", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_IsGivenToNoNodeThatOnlySaysItHasTheImage()
    {
        var (stranger, _) = Runs("team/app:1");
        var known = Guid.CreateVersion7();
        await using (var database = await Contexts.CreateDbContextAsync())
        {
            var secret = portal.Services.GetRequiredService<RegistrySecrets>().Protect(_host, new RegistryCredentials { Username = "ada" });
            database.Registries.Add(new Registry { Id = Guid.NewGuid(), Host = _host, UserName = "ada", Secret = secret });
            database.Nodes.Add(new Node { Id = known, Name = $"n{known:n}", PublicKey = known.ToByteArray() });
            await database.SaveChangesAsync();
        }

        var credentials = portal.Services.GetRequiredService<IRegistryCredentials>();

        var before = await credentials.FindKnownAsync(_host, [stranger, known], default);
        await credentials.FindAsync($"{_host}/team/app:1", known, default);
        var after = await credentials.FindKnownAsync(_host, [stranger, known], default);
        var alone = await credentials.FindKnownAsync(_host, [stranger], default);
        using var worker = Worker();
        await LookAsync(worker);

        Assert.Null(before.Login);
        Assert.Equal((known, "ada"), (after.NodeId, after.Login!.Username));
        Assert.Equal((stranger, null), alone);
        Assert.Null(Assert.Single(_nodes.Asked).Request.Credentials);
    }

    private async Task LookAsync(ImageCheckWorker worker)
    {
        // What was first seen is due within a moment.
        await worker.RunAsync(default);
        _time.Advance(TimeSpan.FromSeconds(1));
        await worker.RunAsync(default);
    }

    private ImageCheckWorker Worker()
    {
        var options = new ImageCheckOptions { FirstWithin = TimeSpan.FromSeconds(1) };
        return new ImageCheckWorker(
            _fleet, _nodes, new NodeDigests(_nodes, NullLogger<NodeDigests>.Instance), new ImageCheckStore(Contexts, options, _time),
            _updates, portal.Services.GetRequiredService<IRegistryCredentials>(), options, _time, NullLogger<ImageCheckWorker>.Instance);
    }

    private (Guid Node, ContainerView Container) Runs(params string[] names) => Runs(names, names[0].Split(':', '@')[0]);

    private (Guid Node, ContainerView Container) Built(string name) => Runs([name], null);

    private (Guid Node, ContainerView Container) Runs(string[] names, string? from)
    {
        var image = new Image { Id = $"sha256:{Guid.NewGuid():n}{Guid.NewGuid():n}" };
        if (from is not null)
        {
            image.Digests.Add($"{_host}/{from}@{s_old}");
        }

        _nodes.Images.Add(image);
        var containers = names.Select((name, i) => new ContainerView
        {
            Id = $"{Guid.NewGuid():n}{Guid.NewGuid():n}", Name = $"c{i}", Image = $"{_host}/{name}", ImageId = image.Id, State = "running",
        }).ToArray();
        var node = new NodeState
        {
            Id = Guid.CreateVersion7(), Name = "one", Presence = NodePresence.Online,
            Containers = containers.ToImmutableDictionary(container => container.Id),
        };
        _fleet.Set(node);
        return (node.Id, containers[0]);
    }
}
