using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>Policies bind whatever roles allow, in the REST API and in Docker through the portal, before a node is asked.</summary>
[Collection(RestCollection.Name)]
public sealed class PolicyTests(RestPortal portal) : IAsyncLifetime
{
    private const string Rules = """
        {"hostPaths":[{"path":"/data","writable":true}],"registries":["docker.io/library/*"],"volumeTypes":["tmpfs"],"capabilities":[],
         "forbidPrivileged":true,"largestMemoryBytes":1048576}
        """;

    private static readonly string[] s_refused =
    [
        """{"image":"busybox","resources":{"memoryBytes":1024},"binds":["/database:/x"]}""",
        """{"image":"busybox","resources":{"memoryBytes":1024},"binds":["/data/../etc:/x"]}""",
        """{"image":"busybox","resources":{"memoryBytes":1024},"mounts":[{"type":"bind","source":"/run/docker.sock","target":"/x"}]}""",
        """{"image":"busybox","resources":{"memoryBytes":1024},"privileged":true}""",
        """{"image":"busybox","resources":{"memoryBytes":1024},"capabilitiesToAdd":["SYS_ADMIN"]}""",
        """{"image":"evil.net/x","resources":{"memoryBytes":1024}}""",
        """{"image":"busybox"}""",
    ];

    private Guid _policy;

    public async Task InitializeAsync()
    {
        portal.Nodes.Clear();
        using var admin = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var body = $$"""{"name":"strict {{Guid.NewGuid():N}}","nodeId":"{{portal.NodeId}}","rules":{{Rules}}}""";
        using var made = await admin.PostTextAsync("/api/v1/policies", body);
        Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var answer = JsonSerializer.Deserialize<JsonElement>(await made.Content.ReadAsStringAsync());
        _policy = answer.GetProperty("id").GetGuid();
    }

    public async Task DisposeAsync()
    {
        using var admin = await portal.ProgramAsync(BuiltInRoles.Administrator);
        await admin.DeleteAsync($"/api/v1/policies/{_policy}").OkAsync(HttpStatusCode.NoContent);
        portal.Nodes.Clear();
    }

    [Fact]
    public async Task CreateContainer_WhatAPolicyForbids_IsRefusedToOperatorsAndOnRecord()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Operator);

        foreach (var body in s_refused)
        {
            var detail = await client.PostTextAsync(Containers(portal.NodeId), body).ProblemAsync(403, "access-denied");
            Assert.Contains("The policy 'strict", detail, StringComparison.Ordinal);
            using var elsewhere = await client.PostTextAsync(Containers(portal.OtherNodeId), body);
            Assert.Equal(HttpStatusCode.Created, elsewhere.StatusCode);
        }

        using (var allowed = await client.PostTextAsync(
            Containers(portal.NodeId), """{"image":"busybox","resources":{"memoryBytes":1024},"binds":["/data/x:/x"]}"""))
        {
            Assert.Equal(HttpStatusCode.Created, allowed.StatusCode);
        }

        Assert.Single(portal.Nodes.Requests, request => request.NodeId == portal.NodeId && request.Message is CreateContainerRequest);
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var denied = await database.AuditLog
            .Where(row => row.NodeId == portal.NodeId && row.Outcome == "denied" && row.Action == "container.create")
            .Select(row => row.Detail).ToListAsync();
        Assert.Contains(denied, detail => detail.Contains("'/etc' writable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CreateContainer_WhoMayBypass_MakesItAndItIsOnRecord()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);

        using var made = await client.PostTextAsync(Containers(portal.NodeId), """{"image":"busybox","name":"byp","privileged":true}""");

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var request = Assert.Single(portal.Nodes.Requests, request => request.Message is CreateContainerRequest { Name: "byp" });
        Assert.Contains(PermissionNames.PoliciesBypass, request.Permissions);
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var record = await database.AuditLog.Where(row => row.Action == "container.create" && row.ObjectName == "byp").SingleAsync();
        Assert.Contains("bypassed the policies 'strict", record.Detail, StringComparison.Ordinal);
        Assert.Contains("Privileged: privileged", record.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("containers/create", """{"Image":"busybox","HostConfig":{"Memory":1024,"Binds":["/etc:/x"]}}""")]
    [InlineData("containers/create", """{"Image":"busybox","HostConfig":{"Memory":1024,"Mounts":[{"Type":"bind","Source":"/etc"}]}}""")]
    [InlineData("%63ontainers/create", """{"Image":"busybox","HostConfig":{"Memory":1024,"Privileged":true}}""")]
    [InlineData("containers/web/update", """{"Memory":2097152}""")]
    [InlineData("containers/web/exec", """{"Cmd":["sh"],"Privileged":true}""")]
    [InlineData("volumes/create", """{"Name":"v","DriverOpts":{"type":"none","o":"bind","device":"/etc"}}""")]
    [InlineData("images/create?fromImage=evil.net%2Fx", "")]
    public async Task Docker_WhatAPolicyForbids_IsRefused(string path, string body)
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Operator);

        using var refused = await client.PostTextAsync($"/docker/{portal.NodeId}/v1.47/{path}", body);

        var text = await refused.Content.ReadAsStringAsync();
        Assert.True(refused.StatusCode == HttpStatusCode.Forbidden, text);
        Assert.Contains("The policy 'strict", JsonSerializer.Deserialize<JsonElement>(text).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("""{"name":"x","rules":{}}""", "restricts nothing")]
    [InlineData("""{"name":"x","rules":{"hostPaths":[{"path":"/a/../b"}]}}""", "is no host path")]
    [InlineData("""{"name":"x","rules":{"registries":["busybox"]}}""", "is no pattern")]
    [InlineData("""{"name":"","rules":{"forbidPrivileged":true}}""", "1 to 64")]
    [InlineData("""{"name":"x","nodeId":"00000000-0000-0000-0000-000000000001","rules":{"forbidPrivileged":true}}""", "no such node")]
    public async Task CreatePolicy_ThatCantBe_IsRefusedWithWhy(string body, string why)
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);

        var detail = await client.PostTextAsync("/api/v1/policies", body).ProblemAsync(422, "refused");

        Assert.Contains(why, detail, StringComparison.Ordinal);
    }

    private static string Containers(Guid node) => $"/api/v1/nodes/{node}/containers";
}
