using Google.Protobuf;
using Grpc.Core;
using Portal.Agent.Tests.Fakes;
using Portal.Contracts.Permissions;
using Portal.Contracts.Volumes.V1;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;

namespace Portal.Link.Tests;

/// <summary>Volumes and their files as the portal sees them: over the link, through every interceptor.</summary>
public sealed class VolumeServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private TestPortal _portal = null!;
    private Guid _node;

    private FakeVolumes Volumes => _agent.Engine.Volumes;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _instance);

    [Fact]
    public async Task ListInspectAndPrune_Filters_Select()
    {
        var client = Client(PermissionNames.VolumesView, PermissionNames.VolumesRemove);

        var all = (await client.ListVolumesAsync(new ListVolumesRequest())).Volumes;
        var labelled = await client.ListVolumesAsync(new ListVolumesRequest { Filter = new VolumeFilter { Labels = { "a=c" } } });
        var inspected = await client.InspectVolumeAsync(new InspectVolumeRequest { Volume = "data" });
        var kept = await client.PreviewPruneAsync(new PreviewPruneRequest { Filter = new VolumePruneFilter() });
        var pruned = await client.PruneVolumesAsync(new PruneVolumesRequest { Filter = new VolumePruneFilter { All = true } });

        Assert.Equal(("data", 5L, "b"), (all[0].Name, all[0].SizeBytes, all[0].Labels["a"]));
        Assert.Empty(labelled.Volumes);
        Assert.Contains("\"Mountpoint\": \"/nowhere/data/_data\"", inspected.Json);
        Assert.Empty(kept.Volumes);
        Assert.Equal(("data", 5L), (Assert.Single(pruned.Removed), pruned.Bytes));
    }

    [Fact]
    public async Task CreateVolume_OptionsThatReachTheHost_NeedHostAccess()
    {
        var request = new CreateVolumeRequest { Name = "v", Options = { ["type"] = "none", ["o"] = "bind", ["device"] = "/" } };

        var refused = await Assert.ThrowsAsync<RpcException>(
            () => Client(PermissionNames.VolumesCreate).CreateVolumeAsync(request).ResponseAsync);
        Assert.Equal((StatusCode.PermissionDenied, ""), (refused.StatusCode, Volumes.Asked));
        var halfway = await Assert.ThrowsAsync<RpcException>(
            () => Client(PermissionNames.VolumesCreate, PermissionNames.ContainersHostAccess).CreateVolumeAsync(request).ResponseAsync);
        Assert.Contains(PermissionNames.ContainersHostPaths, halfway.Status.Detail, StringComparison.Ordinal);
        await Client(PermissionNames.VolumesCreate, PermissionNames.ContainersHostAccess, PermissionNames.ContainersHostPaths)
            .CreateVolumeAsync(request);

        Assert.Equal("create v device=/,o=bind,type=none", string.Join(' ', Volumes.Asked.Split(' ')[..2])
            + " " + string.Join(',', Volumes.Asked.Split(' ')[2].Split(',').Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task BackupVolume_ProgressDataAndSummary_Come()
    {
        using var call = Client(PermissionNames.VolumesBackup, PermissionNames.ContainersPause)
            .BackupVolume(new BackupVolumeRequest { Volume = "data", Users = UserHandling.Pause });
        var messages = await ReadAsync(call.ResponseStream);

        Assert.Equal("backup Pause", Volumes.Asked);
        Assert.Equal(Volumes.Content, messages.SelectMany(message => message.Data ?? ByteString.Empty));
        var progress = Assert.Single(messages, message => message.Progress is not null).Progress;
        Assert.Equal((VolumeTransferPhase.Copying, 3L, "web"), (progress.Phase, progress.TotalBytes, progress.HeldContainers[0]));
        Assert.Equal(("sha256:x", 4L), (messages[^1].Summary.ArchiveDigest, messages[^1].Summary.LeftOutCount));
    }

    [Theory]
    [InlineData(UserHandling.Pause)]
    [InlineData(UserHandling.Stop)]
    public async Task BackupVolume_HoldingContainersWithoutPermission_IsRefused(UserHandling users)
    {
        using var call = Client(PermissionNames.VolumesBackup).BackupVolume(new BackupVolumeRequest { Volume = "data", Users = users });

        var failure = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(call.ResponseStream));

        Assert.Equal((StatusCode.PermissionDenied, ""), (failure.StatusCode, Volumes.Asked));
    }

    [Fact]
    public async Task RestoreVolume_TargetThenPieces_AreRestored()
    {
        using var call = Client(PermissionNames.VolumesRestore, PermissionNames.ContainersStop).RestoreVolume();
        var target = new RestoreTarget { Volume = "data", Replace = true, Users = UserHandling.Stop, ArchiveDigest = "sha256:y" };
        await call.RequestStream.WriteAsync(new RestoreVolumeRequest { Target = target });
        foreach (var piece in Volumes.Content.Chunk(200_000))
        {
            await call.RequestStream.WriteAsync(new RestoreVolumeRequest { Data = ByteString.CopyFrom(piece) });
        }

        await call.RequestStream.CompleteAsync();
        var messages = await ReadAsync(call.ResponseStream);

        Assert.Equal("restore False True Stop sha256:y", Volumes.Asked);
        Assert.Equal(Volumes.Content, Volumes.Written);
        Assert.Equal(VolumeTransferPhase.Swapping, messages[0].Progress.Phase);
        Assert.Equal(("data", 5L, 6L), (messages[^1].Summary.Volume.Name, messages[^1].Summary.Entries, messages[^1].Summary.Bytes));
    }

    [Fact]
    public async Task RestoreVolume_StoppingWithoutPermission_IsRefused()
    {
        using var call = Client(PermissionNames.VolumesRestore).RestoreVolume();
        var target = new RestoreTarget { Volume = "data", Users = UserHandling.Stop };
        await call.RequestStream.WriteAsync(new RestoreVolumeRequest { Target = target });

        var failure = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(call.ResponseStream));

        Assert.Equal((StatusCode.PermissionDenied, ""), (failure.StatusCode, Volumes.Asked));
    }

    [Fact]
    public async Task Files_EveryMethod_PassesAllOn()
    {
        var client = Files(PermissionNames.VolumesFiles, PermissionNames.VolumesWriteFiles);
        var list = new ListFolderRequest { Volume = "data", Path = "d", PageSize = 9, PageToken = "t", NameContains = "n" };

        var page = await client.ListFolderAsync(list);
        Assert.Equal(("f", "next", 7L, "list d 9 t n"), (page.Files[0].Name, page.NextPageToken, page.Total, Volumes.Asked));
        using (var read = client.ReadFile(new ReadFileRequest { Volume = "data", Path = "f", Offset = 4, Length = 5 }))
        {
            var messages = await ReadAsync(read.ResponseStream);
            Assert.Equal((7u, "read f 4 5"), (messages[0].File.UserId, Volumes.Asked));
            Assert.Equal(Volumes.Content, messages.Skip(1).SelectMany(message => message.Data));
        }

        using (var write = client.WriteFile())
        {
            var target = new WriteFileTarget { Volume = "data", Path = "new", Replace = true, Mode = 0x180, SizeBytes = 700_000 };
            await write.RequestStream.WriteAsync(new WriteFileRequest { Target = target });
            await write.RequestStream.WriteAsync(new WriteFileRequest { Data = ByteString.CopyFrom(Volumes.Content) });
            await write.RequestStream.CompleteAsync();
            Assert.Equal("new", (await write.ResponseAsync).File.Name);
        }

        Assert.Equal("write new True 600 700000", Volumes.Asked);
        Assert.Equal(Volumes.Content, Volumes.Written);
        await client.CreateFolderAsync(new CreateFolderRequest { Volume = "data", Path = "d" });
        Assert.Equal("folder d 755", Volumes.Asked);
        await client.RenameFileAsync(new RenameFileRequest { Volume = "data", Path = "a", NewPath = "b" });
        Assert.Equal("rename a b", Volumes.Asked);
        await client.DeleteFileAsync(new DeleteFileRequest { Volume = "data", Path = "a", Recursive = true });
        Assert.Equal("delete a True", Volumes.Asked);
    }

    [Fact]
    public async Task Files_ChangeWithThePermissionToRead_IsRefused()
    {
        var client = Files(PermissionNames.VolumesFiles);

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => client.DeleteFileAsync(new DeleteFileRequest { Volume = "data", Path = "a" }).ResponseAsync);
        var missing = await Assert.ThrowsAsync<RpcException>(
            () => client.ListFolderAsync(new ListFolderRequest { Volume = "other" }).ResponseAsync);

        Assert.Equal((StatusCode.PermissionDenied, StatusCode.NotFound), (failure.StatusCode, missing.StatusCode));
    }

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _node = await _agent.JoinAsync(_portal.Url, await _portal.MakeTokenAsync());
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online");
    }

    private VolumeService.VolumeServiceClient Client(params string[] permissions) =>
        new(_portal.Clients.For(_node, TestPortal.Admin, permissions));

    private VolumeFileService.VolumeFileServiceClient Files(params string[] permissions) =>
        new(_portal.Clients.For(_node, TestPortal.Admin, permissions));

    private static async Task<List<T>> ReadAsync<T>(IAsyncStreamReader<T> stream)
    {
        var all = new List<T>();
        await foreach (var message in stream.ReadAllAsync())
        {
            all.Add(message);
        }

        return all;
    }
}
