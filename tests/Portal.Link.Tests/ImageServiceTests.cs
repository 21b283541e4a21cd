using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Portal.Agent.Tests.Fakes;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Link;
using Portal.Contracts.Permissions;
using Portal.Contracts.Registries.V1;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;

namespace Portal.Link.Tests;

/// <summary>Images as the portal sees them: over the link, through every interceptor.</summary>
public sealed class ImageServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private TestPortal _portal = null!;
    private Guid _node;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _instance);

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _node = await _agent.JoinAsync(_portal.Url, await _portal.MakeTokenAsync());
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online");
    }

    [Fact]
    public async Task ListAndInspect_AnImage_TellSharedBytesLayersAndDockersJson()
    {
        var client = Client(PermissionNames.ImagesView);
        var listed = (await client.ListImagesAsync(new ListImagesRequest())).Images.Single();
        var inspected = await client.InspectImageAsync(new InspectImageRequest { Image = "busybox" });

        Assert.Equal((7, 2), (listed.SharedBytes, listed.Containers));
        Assert.Equal([5, 0, 6], inspected.History.Select(step => step.SizeBytes));
        Assert.Contains($"\"Id\": \"{FakeImages.Id}\"", inspected.Json, StringComparison.Ordinal);
        Assert.Contains("\"RepoTags\"", inspected.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAndInspect_AnImageThatACheckMarked_TellTheProblem()
    {
        var client = Client(PermissionNames.ImagesView);
        var listed = (await client.ListImagesAsync(new ListImagesRequest())).Images.Single();
        var inspected = await client.InspectImageAsync(new InspectImageRequest { Image = "busybox" });

        Assert.Equal("Its configuration is damaged.", listed.Problem);
        Assert.Equal(listed.Problem, inspected.Image.Problem);
    }

    [Fact]
    public async Task PushImage_Registry_ProgressThenDigestOrTheReason()
    {
        var client = Client(PermissionNames.ImagesPush);
        var events = await ReadAsync(client.PushImage(new PushImageRequest
        {
            Image = "registry/a:1",
            Credentials = new RegistryCredentials { Username = "ada", Password = "secret" },
            Platform = "linux/arm64/v8",
        }));
        var sent = _agent.Engine.Registries.Credentials!;
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => ReadAsync(client.PushImage(new PushImageRequest { Image = "nowhere/a:1" })));

        Assert.Equal(("ada", "secret"), (sent.Username, sent.Password));
        Assert.Null(_agent.Engine.Registries.Credentials);
        Assert.Equal(TransferPhase.Complete, events[^2].Progress.Phase);
        Assert.Equal(20, events[^2].Progress.Total);
        Assert.Equal(("registry/a:1", "1"), (events[^1].Pushed.Images.Single().Name, events[^1].Pushed.Images.Single().Tag));
        Assert.Equal(["linux/arm64/v8"], events[^1].Pushed.Images.Single().Platforms);
        Assert.Equal("sha256:" + new string('e', 64), events[^1].Pushed.Images.Single().InsteadOf);
        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        Assert.Contains("wants a login", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaveImages_ThreeMegabytes_ArriveInPiecesOfOneSize()
    {
        var client = Client(PermissionNames.ImagesSave);
        var pieces = await ReadAsync(client.SaveImages(new SaveImagesRequest { Images = { "one", "two" } }));

        var bytes = pieces.SelectMany(piece => piece.Data).ToArray();
        Assert.All(pieces.SkipLast(1), piece => Assert.Equal(256 * 1024, piece.Data.Length));
        Assert.Equal(FakeArchives.Length, bytes.Length);
        Assert.True(bytes.Index().All(pair => pair.Item == pair.Index % 251));
    }

    [Fact]
    public async Task SaveImages_MissingOrTooMany_FailsBeforeTheFirstByte()
    {
        var client = Client(PermissionNames.ImagesSave);
        var missing = await Assert.ThrowsAsync<RpcException>(
            () => ReadAsync(client.SaveImages(new SaveImagesRequest { Images = { "one", "missing" } })));
        var many = new SaveImagesRequest();
        many.Images.AddRange(Enumerable.Repeat("one", 1001));
        var tooMany = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(client.SaveImages(many)));

        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
        Assert.Equal(StatusCode.InvalidArgument, tooMany.StatusCode);
    }

    [Fact]
    public async Task RemoveImage_InUse_TellsWhatUsesItAsData()
    {
        var client = Client(PermissionNames.ImagesRemove);
        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await client.RemoveImageAsync(new RemoveImageRequest { Image = "used" }));
        var conflict = ImageConflict.Parser.ParseFrom(failure.Trailers.GetValueBytes(LinkProtocol.ImageConflictTrailer));
        var forced = await client.RemoveImageAsync(new RemoveImageRequest { Image = "used", Force = true });

        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
        Assert.Contains("must be forced", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal((FakeImages.Id, 60, true), (conflict.ImageId, conflict.UserCount, conflict.MayForce));
        Assert.Equal(50, conflict.Users.Count);
        Assert.Equal(("c1", "größe-1", false), (conflict.Users[0].ContainerId, conflict.Users[0].Name, conflict.Users[0].Running));
        Assert.Equal(["busybox:latest"], conflict.Names);
        Assert.Equal(["used"], forced.Untagged);
    }

    [Fact]
    public async Task Prune_Filters_ChooseAsDockersDo()
    {
        var tenDays = DateTimeOffset.UnixEpoch.AddDays(10).ToTimestamp();
        (PruneFilter? Filter, string Expected)[] cases =
        [
            (null, "1"),
            (new PruneFilter(), "1"),
            (new PruneFilter { All = true }, "1 2 3"),
            (new PruneFilter { All = true, Until = tenDays }, "1 2"),
            (new PruneFilter { All = true, Labels = { "keep" } }, "3"),
            (new PruneFilter { All = true, Labels = { "keep=yes" } }, "3"),
            (new PruneFilter { All = true, Labels = { "keep=no" } }, ""),
            (new PruneFilter { All = true, ExcludedLabels = { "keep" } }, "1 2"),
            (new PruneFilter { All = true, Labels = { "keep" }, ExcludedLabels = { "other" } }, "3"),
        ];
        var client = Client(PermissionNames.ImagesRemove, PermissionNames.ImagesView);
        foreach (var (filter, expected) in cases)
        {
            var preview = await client.PreviewPruneAsync(new PreviewPruneRequest { Filter = filter });
            var pruned = await client.PruneImagesAsync(new PruneImagesRequest { Filter = filter });

            Assert.Equal(expected, string.Join(' ', preview.Images.Select(image => image.Id[7])));
            Assert.Equal(expected, string.Join(' ', pruned.Deleted.Select(id => id[7])));
            Assert.Equal((preview.Images.Count, preview.Bytes), (pruned.Images, pruned.Bytes));
        }
    }

    [Fact]
    public async Task Calls_WithoutTheirPermission_AreRefusedByTheAgent()
    {
        var client = Client(PermissionNames.ImagesView, PermissionNames.ImagesPull);
        Func<Task>[] calls =
        [
            () => ReadAsync(client.PushImage(new PushImageRequest { Image = "a" })),
            () => ReadAsync(client.SaveImages(new SaveImagesRequest { Images = { "a" } })),
            async () => await client.PruneImagesAsync(new PruneImagesRequest()),
            async () => await client.RemoveImageAsync(new RemoveImageRequest { Image = "a" }),
        ];
        foreach (var call in calls)
        {
            Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }
    }

    private ImageService.ImageServiceClient Client(params string[] permissions) =>
        new(_portal.Clients.For(_node, TestPortal.Admin, permissions));

    private static async Task<List<T>> ReadAsync<T>(AsyncServerStreamingCall<T> call)
    {
        using (call)
        {
            var all = new List<T>();
            await foreach (var message in call.ResponseStream.ReadAllAsync())
            {
                all.Add(message);
            }

            return all;
        }
    }
}
