using System.Net;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Containers.V1;
using Portal.Data;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

[Collection(RestCollection.Name)]
public sealed class IdempotencyTests : IDisposable
{
    private readonly RestPortal _portal;
    private readonly string _containers;

    public IdempotencyTests(RestPortal portal)
    {
        _portal = portal;
        _containers = $"/api/v1/nodes/{portal.NodeId}/containers";
    }

    public void Dispose() => _portal.Nodes.Clear();

    [Fact]
    public async Task Post_SameKeyAgain_IsAnsweredAsBeforeAndDoneOnce()
    {
        var person = await _portal.Portal.AddPersonAsync("once", BuiltInRoles.Deployer);
        using var client = await _portal.ProgramOfAsync(person);
        await using var second = _portal.CreateSecond();
        await second.StartAsync(default);
        using var elsewhere = await _portal.ProgramOfAsync(person, second.Address);
        _portal.Nodes.Answer<CreateContainerRequest>(_ => new CreateContainerResponse { Id = Guid.NewGuid().ToString("N") });

        var first = await CreateAsync(client, "k1");
        var again = await CreateAsync(client, "k1");
        var other = await CreateAsync(elsewhere, "k1");
        var fresh = await CreateAsync(client, "k2");

        Assert.Equal((HttpStatusCode.Created, first.Location, first.Body), (again.Status, again.Location, again.Body));
        Assert.Equal((HttpStatusCode.Created, first.Location, first.Body), (other.Status, other.Location, other.Body));
        Assert.Equal((false, true, true), (first.Replayed, again.Replayed, other.Replayed));
        Assert.NotEqual(first.Body, fresh.Body);

        // A portal asks nodes for more, by itself, when it starts.
        Assert.Equal(2, _portal.Nodes.Requests.Count(request => request.Message is CreateContainerRequest));
        await second.StopAsync(default);
    }

    [Fact]
    public async Task Post_SameKeyForAnotherRequestOrPerson_IsNeverTheOthersAnswer()
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Deployer);
        using var stranger = await _portal.ProgramAsync(BuiltInRoles.Deployer);
        var first = await CreateAsync(client, "shared");

        await client.SendAsync(HttpMethod.Post, _containers, new { image = "b" }, ("Idempotency-Key", "shared"))
            .ProblemAsync(422, "idempotency-key-reused");
        await client.SendAsync(HttpMethod.Post, _containers + "/web/stop", null, ("Idempotency-Key", "shared"))
            .ProblemAsync(422, "idempotency-key-reused");
        var theirs = await CreateAsync(stranger, "shared");

        Assert.False(theirs.Replayed);
        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.Equal(2, _portal.Nodes.Requests.Count);
    }

    [Fact]
    public async Task Post_AtTheSameTime_IsDoneOnce()
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Deployer);
        var going = new TaskCompletionSource();
        _portal.Nodes.Answer<CreateContainerRequest>(_ =>
        {
            going.Task.Wait();
            return new CreateContainerResponse { Id = "x" };
        });

        var requests = Enumerable.Range(0, 5).Select(_ => CreateAsync(client, "race")).ToList();
        var refused = await Task.WhenAny(requests);
        going.SetResult();
        var answers = await Task.WhenAll(requests);

        Assert.Equal(HttpStatusCode.Conflict, (await refused).Status);
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created && !answer.Replayed);
        Assert.Single(_portal.Nodes.Requests);
    }

    [Theory]
    [InlineData(StatusCode.AlreadyExists, 409, 2)]
    [InlineData(StatusCode.Unavailable, 503, 1)]
    [InlineData(StatusCode.Internal, 502, 1)]
    public async Task Post_Failed_IsDoneAgainOnlyWhenItSurelyWasNotDone(StatusCode code, int status, int asked)
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Deployer);
        _portal.Nodes.Answer<CreateContainerRequest>(_ => new RpcException(new Status(code, "no")));

        var first = await CreateAsync(client, "failing");
        var again = await CreateAsync(client, "failing");

        Assert.Equal((status, status), ((int)first.Status, (int)again.Status));
        Assert.Equal(asked, _portal.Nodes.Requests.Count);
        Assert.Contains("urn:portal:problem:", again.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("129")]
    public async Task Post_KeyCantBeUsed_SaysSo(string key)
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Deployer);
        var text = key == "129" ? new string('k', 129) : key;

        await client.SendAsync(HttpMethod.Post, _containers, new { image = "a" }, ("Idempotency-Key", text))
            .ProblemAsync(400, "invalid-idempotency-key");
        Assert.Empty(_portal.Nodes.Requests);
    }

    [Fact]
    public async Task Answer_HoldsASecret_IsNotInTheDatabaseInTheClear()
    {
        using var client = await _portal.ProgramAsync(BuiltInRoles.Administrator);

        var made = await client.SendAsync(HttpMethod.Post, "/api/v1/invitations", new { role = "Viewer" }, ("Idempotency-Key", "secret"))
            .OkAsync(HttpStatusCode.Created);

        var secret = made.GetProperty("path").GetString()!.Split('/')[^1];
        await using var database = await _portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var kept = await database.RestRequests.SingleAsync(request => request.Key == "secret");
        Assert.DoesNotContain(secret, System.Text.Encoding.Latin1.GetString(kept.Answer!), StringComparison.Ordinal);
        Assert.True(secret.Length > 20);
    }

    private async Task<(HttpStatusCode Status, string? Location, string Body, bool Replayed)> CreateAsync(HttpClient client, string key)
    {
        using var answer = await client.SendAsync(HttpMethod.Post, _containers, new { image = "a" }, ("Idempotency-Key", key));
        return (
            answer.StatusCode,
            answer.Headers.Location?.ToString(),
            await answer.Content.ReadAsStringAsync(),
            answer.Headers.Contains("Idempotency-Replayed"));
    }
}
