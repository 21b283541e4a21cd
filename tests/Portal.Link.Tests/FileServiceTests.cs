using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Portal.Agent.Tests.Fakes;
using Portal.Contracts.Files.V1;
using Portal.Contracts.Permissions;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;

namespace Portal.Link.Tests;

/// <summary>Containers' files as the portal sees them: over the link, through every interceptor.</summary>
public sealed class FileServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private TestPortal _portal = null!;
    private Guid _node;

    private FakeFiles Files => _agent.Engine.Files;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _instance);

    [Fact]
    public async Task ListChanges_MoreThanAMessageHolds_ComeInOrder()
    {
        var messages = await ReadAsync(Client().ListChanges(new ListChangesRequest { Container = "web" }));

        Assert.Equal([1000, 1000, 500], messages.Select(message => message.Changes.Count));
        Assert.Equal(
            [("/0", ChangeKind.Modified), ("/1", ChangeKind.Added), ("/2", ChangeKind.Deleted)],
            messages[0].Changes.Take(3).Select(change => (change.Path, change.Kind)));
    }

    [Fact]
    public async Task ReadFiles_Archive_ComesWholeAfterWhatItIs()
    {
        var messages = await ReadAsync(Client().ReadFiles(new ReadFilesRequest { Container = "web", Path = "/etc" }));
        var stat = (await Client().StatPathAsync(new StatPathRequest { Container = "web", Path = "/etc" })).Stat;

        Assert.Equal(stat, messages[0].Stat);
        Assert.Equal(("/etc", 7, 0xA1FFu, "/there"), (stat.Name, stat.SizeBytes, stat.Mode, stat.LinkTarget));
        Assert.Equal(Files.Archive, messages.Skip(1).SelectMany(message => message.Data));
        Assert.All(messages.Skip(1), message => Assert.InRange(message.Data.Length, 1, 256 * 1024));
    }

    [Fact]
    public async Task ExportContainer_Archive_ComesWhole()
    {
        var messages = await ReadAsync(Client().ExportContainer(new ExportContainerRequest { Container = "web" }));

        Assert.Equal(Files.Archive, messages.SelectMany(message => message.Data));
    }

    [Fact]
    public async Task WriteFiles_TargetThenPieces_AreWritten()
    {
        using var call = Client().WriteFiles();
        var target = new WriteFilesTarget { Container = "web", Path = "/tmp", KeepKinds = true };
        await call.RequestStream.WriteAsync(new WriteFilesRequest { Target = target });
        foreach (var piece in Files.Archive.Chunk(200_000))
        {
            await call.RequestStream.WriteAsync(new WriteFilesRequest { Data = ByteString.CopyFrom(piece) });
        }

        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync;

        Assert.Equal("/tmp True False", Files.Asked);
        Assert.Equal(Files.Archive, Files.Written);
    }

    [Fact]
    public async Task WriteFiles_WithoutTarget_IsRefused()
    {
        using var call = Client().WriteFiles();
        await call.RequestStream.WriteAsync(new WriteFilesRequest { Data = ByteString.CopyFromUtf8("x") });
        await call.RequestStream.CompleteAsync();

        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task CommitContainer_All_IsPassedOn()
    {
        var answer = await Client(PermissionNames.ContainersCommit).CommitContainerAsync(new CommitContainerRequest
        {
            Container = "web", Name = "a:1", Author = "who", Message = "why", NoPause = true, Changes = { "USER u" },
        });

        Assert.Equal(FakeImages.Id, answer.ImageId);
        var asked = Files.Committed!;
        Assert.Equal(("web", "a:1", "who", "why", false), (asked.Container, asked.Name, asked.Author, asked.Message, asked.Pause));
        Assert.Equal(["USER u"], asked.Changes);
    }

    [Fact]
    public async Task AnyMethod_MissingContainerOrPermission_IsTold()
    {
        var missing = await Assert.ThrowsAsync<RpcException>(
            () => ReadAsync(Client().ExportContainer(new ExportContainerRequest { Container = "other" })));
        var commit = await Assert.ThrowsAsync<RpcException>(
            () => Client().CommitContainerAsync(new CommitContainerRequest { Container = "web" }).ResponseAsync);
        var read = await Assert.ThrowsAsync<RpcException>(
            () => ReadAsync(Client(PermissionNames.ContainersView).ReadFiles(new ReadFilesRequest { Container = "web", Path = "/" })));

        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, commit.StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, read.StatusCode);
        Assert.Null(Files.Committed);
    }

    [Fact]
    public async Task ListFolder_ManyEntries_ComeInPiecesWithAllThatIsKnown()
    {
        for (var number = 0; number < 2500; number++)
        {
            Files.Tree.Files[$"/etc/{number}"] = new byte[number];
        }

        var messages = await ReadAsync(Client().ListFolder(new ListFolderRequest { Container = "web", Path = "/etc", Most = 2400 }));

        Assert.Equal([1000, 1000, 400], messages.Select(message => message.Entries.Count));
        Assert.All(messages, message => Assert.Equal(2500, message.Total));
        Assert.Equal(["list /etc 2400"], Files.Tree.Asked);
        var entry = messages[0].Entries[7];
        Assert.Equal(("7", 7, 0x81A4u, false), (entry.Name, entry.SizeBytes, entry.Mode, entry.Unaddressable));
        Assert.Equal((1000u, 4_000_000_000, "app", ""), (entry.UserId, entry.GroupId, entry.UserName, entry.GroupName));
        Assert.Equal(("there", 0x41EDu, true), (entry.LinkTarget, entry.TargetMode, entry.Mounted));
    }

    [Fact]
    public async Task ListFolder_Nothing_IsOneEmptyMessage()
    {
        var message = Assert.Single(await ReadAsync(Client().ListFolder(new ListFolderRequest { Container = "web", Path = "/" })));

        Assert.Empty(message.Entries);
    }

    [Fact]
    public async Task ReadFile_Part_ComesAfterWhatTheWholeIs()
    {
        Files.Tree.Files["/big"] = Files.Archive;

        var messages = await ReadAsync(Client().ReadFile(new ReadFileRequest { Container = "web", Path = "/big", MostBytes = 300_000 }));

        Assert.Equal(700_000, messages[0].Entry.SizeBytes);
        Assert.Equal(Files.Archive.Take(300_000), messages.Skip(1).SelectMany(message => message.Data));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(null, false)]
    public async Task WriteFile_Pieces_AreKeptOnlyWhenTheSenderSaidThatItIsWhole(int? told, bool kept)
    {
        using var call = Client().WriteFile();
        var target = new WriteFileTarget { Container = "web", Path = "/tmp/x", Replace = true };
        await call.RequestStream.WriteAsync(new WriteFileRequest { Target = target });
        await call.RequestStream.WriteAsync(new WriteFileRequest { Data = ByteString.CopyFromUtf8("ab") });
        await call.RequestStream.WriteAsync(new WriteFileRequest { Data = ByteString.CopyFromUtf8("c") });
        if (told is { } size)
        {
            await call.RequestStream.WriteAsync(new WriteFileRequest { SizeBytes = size });
        }

        await call.RequestStream.CompleteAsync();
        var failure = await Record.ExceptionAsync(() => call.ResponseAsync);

        Assert.Equal(kept ? null : StatusCode.InvalidArgument, (failure as RpcException)?.StatusCode);
        Assert.Equal(kept ? "abc" : null, Files.Tree.Files.TryGetValue("/tmp/x", out var bytes) ? Encoding.UTF8.GetString(bytes) : null);
    }

    [Fact]
    public async Task ChangesOfFiles_All_ArePassedOn()
    {
        await Client().MakeFolderAsync(new MakeFolderRequest { Container = "web", Path = "/a" });
        await Client().RenameFileAsync(new RenameFileRequest { Container = "web", Path = "/a", NewPath = "/b" });
        await Client().RemoveFileAsync(new RemoveFileRequest { Container = "web", Path = "/b" });
        var totals = await Client().MeasureFileAsync(new MeasureFileRequest { Container = "web", Path = "/b" });

        Assert.Equal(["make /a", "rename /a /b", "remove /b"], Files.Tree.Asked);
        Assert.Equal(
            (2, 3, 5_000_000_000, true, "/mounted"), (totals.Files, totals.Folders, totals.SizeBytes, totals.Partial, totals.Mounted));
    }

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _node = await _agent.JoinAsync(_portal.Url, await _portal.MakeTokenAsync());
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online");
    }

    private FileService.FileServiceClient Client(string permission = PermissionNames.ContainersFiles) =>
        new(_portal.Clients.For(_node, TestPortal.Admin, [permission]));

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
