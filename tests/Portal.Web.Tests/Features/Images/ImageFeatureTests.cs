using System.Collections.Immutable;
using System.Net;
using System.Security.Claims;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Contracts.Hubs;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Features.Images;
using Portal.Web.Features.Images.Dialogs;
using Portal.Web.Features.Images.Listing;
using Portal.Web.Features.Images.Transfers;
using Portal.Web.Features.Pruning;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Images;

/// <summary>What people do with images, with the whole portal but for its nodes.</summary>
public sealed class ImageFeatureTests(TestPortal portal) : IClassFixture<TestPortal>, IAsyncLifetime
{
    private static readonly string s_id = "sha256:" + new string('a', 64);
    private readonly FakeImageNode _node = new();
    private readonly Guid _nodeId = Guid.NewGuid();
    private PortalApplication _application = null!;
    private AsyncServiceScope _scope;

    public async Task InitializeAsync()
    {
        _application = portal.Create([], builder =>
        {
            builder.Services.RemoveAll<INodeClients>();
            builder.Services.AddSingleton<INodeClients>(_node);
        });
        await _application.StartAsync(default);
        _scope = _application.Services.CreateAsyncScope();
    }

    public async Task DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _application.StopAsync(default);
        await _application.DisposeAsync();
    }

    [Fact]
    public async Task Transfers_PullAndPush_GoOnByThemselvesAndAreFoundAgain()
    {
        var (user, id) = await PersonAsync("mover", BuiltInRoles.Deployer);
        var pull = Transfers.Pull(user, _nodeId, "team/app:1", "linux/arm64");
        var push = Transfers.Push(user, _nodeId, "host/app:2");
        var other = Transfers.Pull((await PersonAsync("other-mover", BuiltInRoles.Deployer)).User, _nodeId, "not/mine:1");
        Tell("team/app:1", new PullImageResponse { Progress = Layer("l1", TransferPhase.Downloading, 50, 100) });
        Tell("team/app:1", new PullImageResponse { Progress = Layer("l2", TransferPhase.Exists, 10, 10) });
        await Eventually.HoldsAsync(() => pull.Items.Count == 2);
        var summary = TransferSummary.Of(pull);
        Tell("team/app:1", new PullImageResponse { Image = new Image { Id = s_id } });
        Tell("host/app:2", new RpcException(new Status(StatusCode.Unauthenticated, "The registry wants a login.")));
        await Eventually.HoldsAsync(() => pull.EndedAt is not null && push.EndedAt is not null);

        Assert.Equal((2, 1, 0.625), (summary.Layers, summary.Done, summary.Share));
        Assert.Equal(new HashSet<ImageTransfer> { pull, push }, [.. Transfers.Find(user)]);
        Assert.Equal((null, "The registry wants a login."), (pull.Error, push.Error));
        Assert.Equal("linux/arm64", _node.Requests.OfType<PullImageRequest>().Single(request => request.Image == "team/app:1").Platform);
        Assert.Equal(["image.pull succeeded linux/arm64", "image.push failed The registry wants a login."], (await AuditAsync(id)).Order());
        other.Cancel();
        await Eventually.HoldsAsync(() => other.EndedAt is not null);
    }

    [Fact]
    public async Task Transfers_Cancelled_EndOnTheNodeAndAreOnRecord()
    {
        var (user, id) = await PersonAsync("canceller", BuiltInRoles.Deployer);
        var told = 0;
        Transfers.Changed += key => Interlocked.Add(ref told, key == id.ToString() ? 1 : 0);
        var pull = Transfers.Pull(user, _nodeId, "endless:1");
        // One that ends before its permission was looked up has done nothing that could be on record.
        await Eventually.HoldsAsync(() => _node.Requests.OfType<PullImageRequest>().Any(request => request.Image == "endless:1"));
        pull.Cancel();
        await Eventually.HoldsAsync(() => pull.EndedAt is not null);
        await Eventually.HoldsAsync(() => Volatile.Read(ref told) == 2);

        Assert.True(pull.Cancelled);
        Assert.Null(pull.Error);
        Assert.StartsWith("image.pull failed", Assert.Single(await AuditAsync(id)), StringComparison.Ordinal);
        Transfers.Dismiss(pull);
        Assert.Empty(Transfers.Find(user));
    }

    [Fact]
    public async Task Transfers_WithoutThePermission_FailAndReachNoNode()
    {
        var (user, id) = await PersonAsync("onlooker", BuiltInRoles.Viewer);
        var push = Transfers.Push(user, _nodeId, "stolen:1");
        await Eventually.HoldsAsync(() => push.EndedAt is not null);

        Assert.NotNull(push.Error);
        Assert.Empty(_node.Requests);
        Assert.Equal(["images.push denied "], await AuditAsync(id));
    }

    [Fact]
    public async Task Transfers_TooManyAtOnce_AreRefusedInWords()
    {
        var (user, _) = await PersonAsync("greedy", BuiltInRoles.Deployer);
        var running = Enumerable.Range(0, ImageTransfers.MostRunning).Select(number => Transfers.Pull(user, _nodeId, $"many:{number}")).ToList();

        var refused = Transfers.Pull(user, _nodeId, "many:last");

        Assert.Contains("64 transfers", refused.Error, StringComparison.Ordinal);
        running.ForEach(transfer => transfer.Cancel());
        await Eventually.HoldsAsync(() => running.All(transfer => transfer.EndedAt is not null));
    }

    [Fact]
    public async Task Removal_InUse_IsAnOutcomeWithWhatUsesIt()
    {
        var (user, id) = await PersonAsync("remover", BuiltInRoles.Operator);
        var conflict = new ImageConflict { ImageId = s_id, UserCount = 1, MayForce = true, Users = { new ImageUser { ContainerId = "c", Name = "web" } } };
        _node.Answers[typeof(RemoveImageRequest)] = request => ((RemoveImageRequest)request).Force
            ? new RemoveImageResponse { Deleted = { s_id } }
            : FakeImageNode.Conflict(conflict);
        var removal = new ImageRemoval(Row("app:1"));

        await removal.RunAsync(Images, user, force: false);
        var (first, told) = (removal.State, removal.Conflict);
        await removal.RunAsync(Images, user, force: true);

        Assert.Equal((RemovalState.Conflict, conflict), (first, told));
        Assert.Equal(RemovalState.Removed, removal.State);
        Assert.Equal(["image.remove failed conflict: unable to delete (must be forced)", "image.remove succeeded by force"], await AuditAsync(id));
    }

    [Theory]
    [InlineData("a:1", RemovalState.Removed)]
    [InlineData("given:meanwhile", RemovalState.Conflict)]
    public async Task Removal_SeveralNames_GoTogetherWhenThePersonSawAllOfThem(string second, RemovalState expected)
    {
        var (user, _) = await PersonAsync($"names-{expected}", BuiltInRoles.Operator);
        _node.Answers[typeof(RemoveImageRequest)] = request => ((RemoveImageRequest)request).Force
            ? new RemoveImageResponse()
            : FakeImageNode.Conflict(new ImageConflict { ImageId = s_id, MayForce = true, Names = { "b:1", second } });
        var removal = new ImageRemoval(Row("b:1", "a:1"));

        await removal.RunAsync(Images, user, force: false);

        Assert.Equal(expected, removal.State);
    }

    [Fact]
    public async Task Prune_Filter_IsSentAndOnRecord()
    {
        var (user, id) = await PersonAsync("pruner", BuiltInRoles.Operator);
        _node.Answers[typeof(PruneImagesRequest)] = _ => new PruneImagesResponse { Images = 2, Bytes = 7 };
        var settings = new PruneSettings { All = true, OlderThanHours = 24, Labels = "a, b=c", ExcludedLabels = "keep" };

        var pruned = await Images.PruneAsync(user, _nodeId, ImagePrune.FilterOf(settings, DateTimeOffset.UnixEpoch.AddDays(2)), default);

        var sent = Assert.Single(_node.Requests.OfType<PruneImagesRequest>()).Filter;
        Assert.Equal((2, 7L, true, 86400L), (pruned.Images, pruned.Bytes, sent.All, sent.Until.Seconds));
        Assert.Equal(["image.prune succeeded until=1970-01-02 00:00:00Z label=a label=b=c label!=keep images=2 bytes=7"], await AuditAsync(id));
        Assert.Equal("a b=c / keep", $"{string.Join(' ', sent.Labels)} / {string.Join(' ', sent.ExcludedLabels)}");
    }

    [Fact]
    public async Task FleetImages_NodesComeAndChange_AreAskedOnlyThen()
    {
        var (user, _) = await PersonAsync("looker", BuiltInRoles.Viewer);
        var web = new ContainerView { Id = "c", Name = "web", State = "running", ImageId = s_id };
        var one = new NodeState
        {
            Id = Guid.NewGuid(), Name = "one", Presence = NodePresence.Online,
            Containers = ImmutableDictionary<string, ContainerView>.Empty.Add("c", web),
        };
        var two = new NodeState { Id = Guid.NewGuid(), Name = "two", Presence = NodePresence.Online };
        _node.Images[one.Id] = new[] { new Image { Id = s_id, Names = { "app:1" } } };
        _node.Images[two.Id] = new RpcException(new Status(StatusCode.Unavailable, "It is away."));
        var access = new EffectiveAccess([(BuiltInRoles.Viewer, null)]);
        var fleet = _scope.ServiceProvider.GetRequiredService<FleetImages>();

        await fleet.ReadAsync(user, fleet.Update([one, two], access), () => { }, default);
        Assert.Equal(("app:1", "web"), (Assert.Single(fleet.Rows).Name, Assert.Single(fleet.Rows[0].Users).Name));
        Assert.Equal([("two", "It is away.")], fleet.Errors);
        Assert.Empty(fleet.Update([one with { Sample = null }, two], access));
        Assert.Equal([one.Id], fleet.Update([one with { ImagesVersion = 1 }, two], access));

        Assert.Empty(fleet.Update([one with { ImagesVersion = 1, Containers = [], Presence = NodePresence.Offline }], access));
        Assert.True(Assert.Single(fleet.Rows).Stale);
        Assert.Empty(fleet.Rows[0].Users);
        fleet.Update([one], EffectiveAccess.None);
        Assert.Empty(fleet.Rows[0].Users);
        fleet.Update([], access);
        Assert.Empty(fleet.Rows);
    }

    [Fact]
    public async Task Save_TwoImages_StreamsOneArchiveWithTheRightHeaders()
    {
        var (_, id) = await PersonAsync("saver", BuiltInRoles.Deployer);
        using var browser = await SignInAsync("saver");
        var pieces = Enumerable.Range(0, 20).Select(number => Enumerable.Repeat((byte)number, 256 * 1024).ToArray()).ToList();
        pieces.ForEach(piece => Tell("save", new SaveImagesResponse { Data = ByteString.CopyFrom(piece) }));
        _node.Stream("save").Writer.Complete();

        using var answer = await browser.GetAsync("/" + ImageSaveEndpoint.AddressOf(_nodeId, ["a/b:1", "c:2"]));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(pieces.SelectMany(piece => piece).SequenceEqual(await answer.Content.ReadAsByteArrayAsync()));
        Assert.Equal("application/x-tar", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Matches("^images-.*[.]tar$", answer.Content.Headers.ContentDisposition.FileName!);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal(["a/b:1", "c:2"], Assert.Single(_node.Requests.OfType<SaveImagesRequest>()).Images);
        Assert.Equal([PermissionNames.ImagesSave], _node.Permissions);
        Assert.Equal(["image.save succeeded "], await AuditAsync(id));
    }

    [Fact]
    public async Task Save_MissingImageOrBrokenInTheMiddle_IsNeverAWholeFile()
    {
        var (_, id) = await PersonAsync("unlucky", BuiltInRoles.Deployer);
        using var browser = await SignInAsync("unlucky");
        var address = "/" + ImageSaveEndpoint.AddressOf(_nodeId, ["evil\"\r\nname"]);
        Tell("save", new RpcException(new Status(StatusCode.NotFound, "There is no such image.")));
        using (var missing = await browser.GetAsync(address))
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, missing.StatusCode);
            Assert.Contains("There is no such image.", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Tell("save", new SaveImagesResponse { Data = ByteString.CopyFrom(new byte[1000]) });
        using var broken = await browser.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        Tell("save", new RpcException(new Status(StatusCode.Unavailable, "The disk went away.")));
        Assert.Equal("evil___name.tar", broken.Content.Headers.ContentDisposition!.FileName);
        await Assert.ThrowsAnyAsync<Exception>(() => broken.Content.ReadAsByteArrayAsync());
        Assert.Equal(["image.save failed There is no such image.", "image.save succeeded "], await AuditAsync(id));
    }

    [Fact]
    public void AddressOf_TooManyForAnAddress_IsNone()
    {
        Assert.Null(ImageSaveEndpoint.AddressOf(_nodeId, Enumerable.Repeat(s_id, 200)));
        Assert.Null(ImageSaveEndpoint.AddressOf(_nodeId, []));
        Assert.NotNull(ImageSaveEndpoint.AddressOf(_nodeId, Enumerable.Repeat(s_id, 50)));
    }

    private ImageTransfers Transfers => _application.Services.GetRequiredService<ImageTransfers>();

    private ImageCommands Images => _scope.ServiceProvider.GetRequiredService<ImageCommands>();

    private void Tell(string image, object message) => Assert.True(_node.Stream(image).Writer.TryWrite(message));

    private ImageRow Row(params string[] names)
    {
        var image = new Image { Id = s_id };
        image.Names.AddRange(names);
        return new ImageRow(new NodeState { Id = _nodeId, Name = "n", Presence = NodePresence.Online }, image, []);
    }

    private static TransferProgress Layer(string item, TransferPhase phase, long current, long total) =>
        new() { Item = item, Phase = phase, Current = current, Total = total };

    private async Task<(ClaimsPrincipal User, Guid Id)> PersonAsync(string name, string role)
    {
        var id = await portal.AddPersonAsync(name, role);
        return (new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString())], "test")), id);
    }

    private async Task<HttpClient> SignInAsync(string name)
    {
        var browser = portal.CreateClient(_application.Address);
        using var answer = await browser.PostSignInAsync(name, TestPortal.AdminPassword);
        return browser;
    }

    private async Task<string[]> AuditAsync(Guid person)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var records = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().AuditLog
            .Where(record => record.ActorId == person)
            .OrderBy(record => record.Id)
            .ToListAsync();
        return [.. records.Where(record => record.Action.StartsWith("image", StringComparison.Ordinal))
            .Select(record => $"{record.Action} {record.Outcome} {record.Detail}")];
    }
}
