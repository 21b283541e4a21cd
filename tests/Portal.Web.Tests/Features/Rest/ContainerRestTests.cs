using System.Net;
using System.Net.Http.Json;
using Grpc.Core;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

[Collection(RestCollection.Name)]
public sealed class ContainerRestTests : IDisposable
{
    private readonly RestPortal _portal;
    private readonly string _containers;

    public ContainerRestTests(RestPortal portal)
    {
        _portal = portal;
        _containers = $"/api/v1/nodes/{portal.NodeId}/containers";
    }

    public void Dispose() => _portal.Nodes.Clear();

    [Fact]
    public async Task List_PageByPage_GivesEachContainerOnce()
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Viewer);
        var seen = new List<string>();
        var path = "/api/v1/containers?limit=1";
        for (var cursor = ""; cursor is not null;)
        {
            var page = await client.GetAsync(path + cursor).OkAsync();
            Assert.True(page.GetProperty("items").GetArrayLength() <= 1);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item =>
                item.GetProperty("node").GetString() + "/" + item.GetProperty("container").GetProperty("name").GetString()));
            cursor = page.GetProperty("next").GetString() is { } next ? "&cursor=" + next : null;
        }

        Assert.Equal(["rest-one/job", "rest-one/web", "rest-two/job", "rest-two/web"], seen.Order());
    }

    [Fact]
    public async Task List_RoleOnOneNode_ShowsNothingElse()
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Viewer, _portal.NodeId);

        var page = await client.GetAsync("/api/v1/containers?state=running").OkAsync();
        Assert.Equal(_portal.NodeId, Assert.Single(page.GetProperty("items").EnumerateArray()).GetProperty("nodeId").GetGuid());
        await client.GetAsync($"/api/v1/nodes/{_portal.OtherNodeId}/containers").ProblemAsync(403, "access-denied");
        await client.GetAsync($"/api/v1/nodes/{Guid.NewGuid()}/containers").ProblemAsync(403, "access-denied");
    }

    [Theory]
    [InlineData("limit=0", "invalid-request")]
    [InlineData("limit=501", "invalid-request")]
    [InlineData("limit=many", "invalid-request")]
    [InlineData("cursor=", "invalid-cursor")]
    [InlineData("cursor=!!!!", "invalid-cursor")]
    [InlineData("cursor=MgA", "invalid-cursor")]
    [InlineData("cursor=_____w", "invalid-cursor")]
    public async Task List_BadPage_SaysSo(string query, string kind)
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Viewer);

        await client.GetAsync("/api/v1/containers?" + query).ProblemAsync(400, kind);
    }

    [Fact]
    public async Task Create_AllThatIsSaid_GoesToTheNodeAndTheAnswerSaysWhere()
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Operator);
        var id = new string('c', 64);
        _portal.Nodes.Answer<CreateContainerRequest>(request => new CreateContainerResponse { Id = id, Name = request.Name });

        using var answer = await client.PostAsJsonAsync(_containers, new
        {
            name = "api",
            image = "nginx",
            command = new[] { "-g", "daemon off;" },
            start = true,
            labels = new { team = "a" },
            ports = new[] { new { containerPort = 80, protocol = "tcp", hostPort = 8080 } },
            restartPolicy = new { kind = "unless-stopped" },
            resources = new { memoryBytes = 9_000_000_000 },
            stopTimeoutSeconds = 3,
            healthcheck = new { test = new[] { "NONE" }, interval = 1.5 },
            mounts = new[] { new { type = "volume", source = "data", target = "/data" } },
        });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal($"{_containers}/{id}", answer.Headers.Location!.ToString());
        var sent = Assert.Single(_portal.Nodes.Requests);
        var request = Assert.IsType<CreateContainerRequest>(sent.Message);
        Assert.Equal(_portal.NodeId, sent.NodeId);
        Assert.Equal([PermissionNames.ContainersCreate, PermissionNames.ContainersStart], sent.Permissions);
        Assert.Equal(("api", "nginx", "a"), (request.Name, request.Image, request.Labels["team"]));
        Assert.Equal(9_000_000_000, request.Resources.MemoryBytes);
        Assert.Equal(["-g", "daemon off;"], request.Command);
        Assert.Equal((80, 8080, PortProtocol.Tcp), (request.Ports[0].ContainerPort, request.Ports[0].HostPort, request.Ports[0].Protocol));
        Assert.Equal(RestartPolicyKind.UnlessStopped, request.RestartPolicy.Kind);
        Assert.Equal((true, 3), (request.HasStopTimeoutSeconds, request.StopTimeoutSeconds));
        Assert.Equal((1, 500_000_000), (request.Healthcheck.Interval.Seconds, request.Healthcheck.Interval.Nanos));
        Assert.Equal(("volume", "/data"), (request.Mounts[0].Type, request.Mounts[0].Target));
    }

    [Theory]
    [InlineData("start", typeof(StartContainerRequest), PermissionNames.ContainersStart)]
    [InlineData("stop", typeof(StopContainerRequest), PermissionNames.ContainersStop)]
    [InlineData("restart", typeof(RestartContainerRequest), PermissionNames.ContainersRestart)]
    [InlineData("kill", typeof(KillContainerRequest), PermissionNames.ContainersKill)]
    [InlineData("pause", typeof(PauseContainerRequest), PermissionNames.ContainersPause)]
    [InlineData("unpause", typeof(UnpauseContainerRequest), PermissionNames.ContainersPause)]
    public async Task Step_ByName_AsksTheNodeById(string verb, Type type, string permission)
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Deployer);

        await client.PostAsync($"{_containers}/web/{verb}", null).OkAsync(HttpStatusCode.NoContent);

        var sent = Assert.Single(_portal.Nodes.Requests);
        Assert.Equal((type, permission), (sent.Message.GetType(), Assert.Single(sent.Permissions)));
        Assert.Contains(new string('a', 64), sent.Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpdateRenameRemove_WhatIsSaid_GoesToTheNode()
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Deployer);

        await client.PatchAsJsonAsync($"{_containers}/web", new { memoryBytes = 64L << 20 }).OkAsync();
        await client.PostAsJsonAsync($"{_containers}/web/rename", new { name = "front" }).OkAsync(HttpStatusCode.NoContent);
        await client.DeleteAsync($"{_containers}/web?force=true").OkAsync(HttpStatusCode.NoContent);

        var update = Assert.IsType<UpdateContainerRequest>(_portal.Nodes.Requests[0].Message);
        Assert.Equal((64L << 20, false), (update.MemoryBytes, update.HasNanoCpus));
        Assert.Equal("front", Assert.IsType<RenameContainerRequest>(_portal.Nodes.Requests[1].Message).NewName);
        Assert.True(Assert.IsType<RemoveContainerRequest>(_portal.Nodes.Requests[2].Message).Force);
    }

    [Fact]
    public async Task Inspect_Container_HasItsSettingsAndDockersWords()
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Viewer);
        _portal.Nodes.Answer<InspectContainerRequest>(_ => new InspectContainerResponse
        {
            Summary = new ContainerSummary { Id = "x", State = ContainerState.Running },
            Json = """{"Id":"x"}""",
        });

        var answer = await client.GetAsync($"{_containers}/web").OkAsync();

        Assert.Equal("running", answer.GetProperty("summary").GetProperty("state").GetString());
        Assert.Equal("x", answer.GetProperty("docker").GetProperty("Id").GetString());
    }

    [Theory]
    [InlineData(StatusCode.NotFound, 404, "not-found")]
    [InlineData(StatusCode.AlreadyExists, 409, "already-exists")]
    [InlineData(StatusCode.FailedPrecondition, 409, "conflict")]
    [InlineData(StatusCode.InvalidArgument, 422, "invalid-argument")]
    [InlineData(StatusCode.PermissionDenied, 422, "refused")]
    [InlineData(StatusCode.Unavailable, 503, "node-unavailable")]
    [InlineData(StatusCode.DeadlineExceeded, 504, "node-timeout")]
    [InlineData(StatusCode.Unimplemented, 501, "agent-too-old")]
    [InlineData(StatusCode.Internal, 502, "node-failed")]
    public async Task Node_Fails_IsToldByKind(StatusCode code, int status, string kind)
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Developer);
        _portal.Nodes.Answer<StartContainerRequest>(_ => new RpcException(new Status(code, "the node's words")));

        await client.PostAsync($"{_containers}/web/start", null).ProblemAsync(status, kind);
    }
}
