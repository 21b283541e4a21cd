using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Portal.Contracts.Link;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>Join tokens from their making to their end: a token that got into wrong hands can be taken back.</summary>
[Collection(RestCollection.Name)]
public sealed class JoinTokenRestTests(RestPortal portal)
{
    private const string Tokens = "/api/v1/join-tokens";

    [Fact]
    public async Task Token_TakenBack_IsListedNoMoreAndMakesNoNode()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Operator);
        var (id, text) = await MakeAsync(client, new { note = "leaked", uses = 10_000, confirm = true, labels = new { rack = "a4" } });

        var open = await FindAsync(client, id);
        Assert.Equal("leaked", open!.Value.GetProperty("note").GetString());
        Assert.Equal(10_000, open.Value.GetProperty("usesLeft").GetInt32());
        Assert.True(open.Value.GetProperty("confirm").GetBoolean());
        Assert.Equal("a4", open.Value.GetProperty("labels").GetProperty("rack").GetString());
        Assert.DoesNotContain(text, open.Value.GetRawText(), StringComparison.Ordinal);

        await client.DeleteAsync($"{Tokens}/{id}").OkAsync(HttpStatusCode.NoContent);
        Assert.Null(await FindAsync(client, id));
        await client.DeleteAsync($"{Tokens}/{id}").ProblemAsync(404, "not-found");
        Assert.Equal(HttpStatusCode.Forbidden, await JoinAsync(text));
        var audit = await client.GetAsync("/api/v1/audit?text=join_token.revoke").OkAsync();
        Assert.Contains(audit.GetProperty("items").EnumerateArray(), entry => entry.GetRawText().Contains(id.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Token_UsedUp_IsNotListed()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Operator);
        var (id, text) = await MakeAsync(client, new { note = "once", confirm = true });

        Assert.NotNull(await FindAsync(client, id));
        Assert.Equal(HttpStatusCode.OK, await JoinAsync(text));
        Assert.Null(await FindAsync(client, id));
        foreach (var host in (await client.GetAsync("/api/v1/waiting-hosts").OkAsync()).GetProperty("items").EnumerateArray())
        {
            await client.PostAsync($"/api/v1/waiting-hosts/{host.GetProperty("id").GetGuid()}/refuse", null).OkAsync(HttpStatusCode.NoContent);
        }
    }

    [Fact]
    public async Task Token_OfAnotherScope_IsNeitherSeenNorTakenBack()
    {
        using var operatorOfAll = await portal.ProgramAsync(BuiltInRoles.Operator);
        using var operatorOfOne = await portal.ProgramAsync(BuiltInRoles.Operator, portal.NodeId);
        var (id, _) = await MakeAsync(operatorOfAll, new { note = "for all" });

        Assert.Null(await FindAsync(operatorOfOne, id));
        await operatorOfOne.DeleteAsync($"{Tokens}/{id}").ProblemAsync(403, "access-denied");
        Assert.NotNull(await FindAsync(operatorOfAll, id));
        await operatorOfAll.DeleteAsync($"{Tokens}/{id}").OkAsync(HttpStatusCode.NoContent);
    }

    private static async Task<(Guid Id, string Text)> MakeAsync(HttpClient client, object input)
    {
        var made = await client.PostAsJsonAsync(Tokens, input).OkAsync(HttpStatusCode.Created);
        return (made.GetProperty("id").GetGuid(), made.GetProperty("text").GetString()!);
    }

    private static async Task<JsonElement?> FindAsync(HttpClient client, Guid id)
    {
        var list = await client.GetAsync(Tokens + "?limit=200").OkAsync();
        var found = list.GetProperty("items").EnumerateArray().Where(token => token.GetProperty("id").GetGuid() == id).ToList();
        return found.Count == 0 ? null : found[0];
    }

    private async Task<HttpStatusCode> JoinAsync(string token)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var host = portal.Portal.CreateClient(portal.Address);
        var request = new JoinRequest(token, Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), "stolen", "0.1.0");
        using var answer = await host.PostAsJsonAsync("/link/v1/join", request);
        return answer.StatusCode;
    }
}
