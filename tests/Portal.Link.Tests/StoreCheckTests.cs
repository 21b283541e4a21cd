using Grpc.Core;
using Portal.Agent.Hosting;
using Portal.Contracts.Permissions;
using Portal.Contracts.Storage.V1;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;

namespace Portal.Link.Tests;

/// <summary>The check of a node's store, from the portal and from the node's own command line.</summary>
public sealed class StoreCheckTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private TestPortal _portal = null!;
    private Guid _node;

    private string ForeignFile => Path.Combine(_agent.Settings.Paths.EngineData, "content", "blobs", "sha256", "foreign");

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _instance);

    [Fact]
    public async Task CheckStore_ForeignFile_IsToldOfThenRemoved()
    {
        var client = new StorageService.StorageServiceClient(_portal.Clients.For(_node, TestPortal.Admin, [PermissionNames.NodesManage]));
        Assert.True((await CheckAsync(client, new CheckStoreRequest()))[^1].Report.IsSound);
        await File.WriteAllTextAsync(ForeignFile, "x");

        var found = await CheckAsync(client, new CheckStoreRequest());
        var mended = await CheckAsync(client, new CheckStoreRequest { Mend = true, Quick = true });

        var problem = Assert.Single(found, news => news.Problem is not null).Problem;
        Assert.Equal((StoreProblemKind.ForeignFile, StoreProblemOutcome.Found), (problem.Kind, problem.Outcome));
        Assert.False(found[^1].Report.IsSound);
        Assert.Contains(found, news => news.Progress?.Phase == CheckPhase.Images);
        Assert.Equal(StoreProblemOutcome.Removed, Assert.Single(mended, news => news.Problem is not null).Problem.Outcome);
        Assert.True(mended[^1].Report.IsSound);
        Assert.False(File.Exists(ForeignFile));
    }

    [Fact]
    public async Task CheckStore_WithoutPermission_IsRefused()
    {
        var client = new StorageService.StorageServiceClient(_portal.Clients.For(_node, TestPortal.Admin, [PermissionNames.ImagesView]));

        var failure = await Assert.ThrowsAsync<RpcException>(() => CheckAsync(client, new CheckStoreRequest()));

        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fsck_WithAndWithoutARunningAgent_FindsAndMends(bool isRunning)
    {
        Assert.Equal(0, (await FsckAsync()).Code);
        if (!isRunning)
        {
            await _agent.StopAsync();
        }

        await File.WriteAllTextAsync(ForeignFile, "x");

        var found = await FsckAsync("--quick");
        var mended = await FsckAsync("--mend");

        Assert.Equal((1, 0), (found.Code, mended.Code));
        Assert.StartsWith("found: 'foreign' ", found.Output, StringComparison.Ordinal);
        Assert.StartsWith("removed: 'foreign' ", mended.Output, StringComparison.Ordinal);
        Assert.Contains("Checked 0 images", mended.Output, StringComparison.Ordinal);
    }

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _node = await _agent.JoinAsync(_portal.Url, await _portal.MakeTokenAsync());
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online");
    }

    private static async Task<List<CheckStoreResponse>> CheckAsync(StorageService.StorageServiceClient client, CheckStoreRequest request)
    {
        using var call = client.CheckStore(request);
        var all = new List<CheckStoreResponse>();
        while (await call.ResponseStream.MoveNext(default))
        {
            all.Add(call.ResponseStream.Current);
        }

        return all;
    }

    private async Task<(int Code, string Output)> FsckAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        var line = new AgentCommandLine(output, output);
        var code = await line.InvokeAsync(["fsck", "--data", _agent.Settings.Data, "--run", _agent.Settings.Run, .. arguments]);
        return (code, output.ToString());
    }
}
