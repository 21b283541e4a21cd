using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Builds.V1;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Policies.V1;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Features.Policies.Enforcing;
using Portal.Web.Tests.Features.Rest;

namespace Portal.Web.Tests.Features.Policies;

/// <summary>The rule on signatures in the REST API, and what the portal does for agents that don't know it.</summary>
[Collection(RestCollection.Name)]
public sealed class SignaturePolicyTests(RestPortal portal) : IAsyncLifetime
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private Guid _policy;

    private SignatureAgents Agents => portal.Services.GetRequiredService<SignatureAgents>();

    public Task InitializeAsync()
    {
        portal.Nodes.Clear();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        using var admin = await portal.ProgramAsync(BuiltInRoles.Administrator);
        if (_policy != Guid.Empty)
        {
            await admin.DeleteAsync($"/api/v1/policies/{_policy}").OkAsync(HttpStatusCode.NoContent);
        }

        portal.Nodes.Clear();
        _key.Dispose();
    }

    [Fact]
    public async Task Policy_WithSignatures_IsKeptAsItWasWritten()
    {
        await MakeAsync();
        using var admin = await portal.ProgramAsync(BuiltInRoles.Administrator);

        using var answer = await admin.GetAsync($"/api/v1/policies/{_policy}");

        var rule = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync())
            .GetProperty("rules").GetProperty("signatures")[0];
        Assert.Equal("registry.example.com/team/*", rule.GetProperty("image").GetString());
        Assert.Equal(_key.ExportSubjectPublicKeyInfoPem(), rule.GetProperty("keys")[0].GetString());
        Assert.False(rule.GetProperty("allowUnsigned").GetBoolean());
    }

    [Theory]
    [InlineData("""{"image":"busybox","keys":["KEY"]}""", "is no pattern")]
    [InlineData("""{"image":"*"}""", "at least one public key")]
    [InlineData("""{"image":"*","keys":["KEY"],"allowUnsigned":true}""", "one or the other")]
    [InlineData("""{"image":"*","keys":["-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"]}""", "private key")]
    public async Task CreatePolicy_SignaturesThatCantBe_AreRefusedWithWhy(string rule, string why)
    {
        using var admin = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var key = JsonSerializer.Serialize(_key.ExportSubjectPublicKeyInfoPem());
        var body = """{"name":"x","rules":{"signatures":[RULE]}}""".Replace("RULE", rule.Replace("\"KEY\"", key));

        Assert.Contains(why, await admin.PostTextAsync("/api/v1/policies", body).ProblemAsync(422, "refused"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_AgentThatDoesNotKnowTheRule_AreRefusedByThePortal()
    {
        await MakeAsync();
        Agents.Learn(portal.NodeId, false);
        using var client = await portal.ProgramAsync(BuiltInRoles.Operator);

        var refused = await client.PostTextAsync(Containers, """{"image":"registry.example.com/team/app:1"}""").ProblemAsync(403, "access-denied");
        Assert.Contains("too old", refused, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, await DockerAsync(client, "images/create?fromImage=registry.example.com%2Fteam%2Fapp", ""));
        Assert.Equal(HttpStatusCode.Forbidden, await DockerAsync(client, "containers/create", """{"Image":"sha256:0123456789abcdef"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, await DockerAsync(client, "build?t=x", ""));
        Assert.DoesNotContain(portal.Nodes.Requests, request => request.Message is CreateContainerRequest or BuildImageRequest);
        using var other = await client.PostTextAsync(Containers, """{"image":"busybox"}""");
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
    }

    [Fact]
    public async Task Requests_AgentThatKnowsTheRule_AreLeftToIt()
    {
        portal.Nodes.Answer<SetPoliciesRequest>(request => new SetPoliciesResponse { Version = request.Version, LooksAtSignatures = true });
        await MakeAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(Agents.Looks(portal.NodeId)), "the agent was told");
        using var client = await portal.ProgramAsync(BuiltInRoles.Operator);

        using var made = await client.PostTextAsync(Containers, """{"image":"registry.example.com/team/app:1"}""");

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
    }

    private string Containers => $"/api/v1/nodes/{portal.NodeId}/containers";

    private async Task<HttpStatusCode> DockerAsync(HttpClient client, string path, string body)
    {
        using var answer = await client.PostTextAsync($"/docker/{portal.NodeId}/v1.47/{path}", body);
        return answer.StatusCode;
    }

    private async Task MakeAsync()
    {
        using var admin = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var key = JsonSerializer.Serialize(_key.ExportSubjectPublicKeyInfoPem());
        var body = $$$"""
            {"name":"signed {{{Guid.NewGuid():N}}}","nodeId":"{{{portal.NodeId}}}",
             "rules":{"signatures":[{"image":"registry.example.com/team/*","keys":[ {{{key}}} ]}]}}
            """;
        using var made = await admin.PostTextAsync("/api/v1/policies", body);
        Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        _policy = JsonSerializer.Deserialize<JsonElement>(await made.Content.ReadAsStringAsync()).GetProperty("id").GetGuid();
    }
}
