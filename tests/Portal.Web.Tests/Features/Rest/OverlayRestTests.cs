using System.Net;
using System.Net.Http.Json;
using Portal.Testing;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>Networks that span nodes, of an environment without any, so that nothing but the portal is asked.</summary>
[Collection(RestCollection.Name)]
public sealed class OverlayRestTests(RestPortal portal)
{
    private const string Overlays = "/api/v1/overlay-networks";
    private readonly string _name = $"o{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task Overlay_FromItsMakingToItsEnd_IsForWhoHasItsEnvironment()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        using var viewer = await portal.ProgramAsync(BuiltInRoles.Viewer);
        using var stranger = await portal.ProgramAsync(BuiltInRoles.Operator, portal.NodeId);
        var environment = await MakeEnvironmentAsync(client);

        await viewer.PostAsJsonAsync(Overlays, new { name = _name, environmentId = environment }).ProblemAsync(403, "access-denied");
        await stranger.PostAsJsonAsync(Overlays, new { name = _name, environmentId = environment }).ProblemAsync(403, "access-denied");
        var made = await client.PostAsJsonAsync(Overlays, new { name = _name, environmentId = environment })
            .OkAsync(HttpStatusCode.Created);
        var path = $"{Overlays}/{made.GetProperty("id").GetGuid()}";
        Assert.Matches(@"\A10\.2\d\d\.0\.0/16\z", made.GetProperty("subnet").GetString());
        Assert.Equal(64, made.GetProperty("engineId").GetString()!.Length);
        Assert.Equal(0, made.GetProperty("nodes").GetArrayLength());

        await client.PostAsJsonAsync(Overlays, new { name = _name, environmentId = environment }).ProblemAsync(422, "refused");
        await client.DeleteAsync($"/api/v1/environments/{environment}").ProblemAsync(422, "refused");
        Assert.Contains(_name, (await viewer.GetAsync(Overlays).OkAsync()).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_name, (await stranger.GetAsync(Overlays).OkAsync()).ToString(), StringComparison.Ordinal);
        await stranger.GetAsync(path).ProblemAsync(404, "not-found");
        await stranger.DeleteAsync(path).ProblemAsync(404, "not-found");
        await viewer.DeleteAsync(path).ProblemAsync(403, "access-denied");

        await client.DeleteAsync(path).OkAsync(HttpStatusCode.NoContent);
        await Eventually.HoldsAsync(async () =>
        {
            using var answer = await client.GetAsync(path);
            return answer.StatusCode == HttpStatusCode.NotFound;
        }, "a network without nodes is gone");
        await client.DeleteAsync($"/api/v1/environments/{environment}").OkAsync(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("a b", "")]
    [InlineData("bridge", "")]
    [InlineData("fine", "8.8.8.0/24")]
    [InlineData("fine", "10.0.0.0/25")]
    [InlineData("fine", "fd00::/64")]
    public async Task Create_WhatCantBe_IsRefused(string name, string subnet)
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);

        await client.PostAsJsonAsync(Overlays, new { name, subnet }).ProblemAsync(422, "refused");
    }

    private async Task<Guid> MakeEnvironmentAsync(HttpClient client)
    {
        var made = await client.PostAsJsonAsync("/api/v1/environments", new { name = _name, color = "blue" })
            .OkAsync(HttpStatusCode.Created);
        return made.GetProperty("id").GetGuid();
    }
}
