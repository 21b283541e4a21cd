using System.Net;
using Portal.Web.Access;
using Portal.Web.Tests.Access;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>Who may reach the host, and that a role on one node is good for no other, however the address is written.</summary>
[Collection(RestCollection.Name)]
public sealed class ScopeTests(RestPortal portal) : IDisposable
{
    public void Dispose() => portal.Nodes.Clear();

    [Theory]
    [InlineData(BuiltInRoles.Administrator)]
    [InlineData(BuiltInRoles.Operator)]
    [InlineData(BuiltInRoles.Deployer)]
    [InlineData(BuiltInRoles.Developer)]
    [InlineData(BuiltInRoles.Viewer)]
    [InlineData(null)]
    public async Task Create_WhatReachesTheHost_IsForTheRolesOfTheTableAlone(string? role)
    {
        using var everywhere = await portal.ProgramAsync(role);
        using var elsewhere = await portal.ProgramAsync(role, portal.OtherNodeId);
        foreach (var (path, body, roles) in HostReach.All)
        {
            var address = $"/api/v1/nodes/{portal.NodeId}/{path}";
            var may = roles.Any(letter => RoleTable.Roles[letter] == role);

            using var answer = await everywhere.PostTextAsync(address, body);
            Assert.True(
                answer.StatusCode == (may ? HttpStatusCode.Created : HttpStatusCode.Forbidden), $"{role} {body}: {(int)answer.StatusCode}");
            Assert.Equal(may ? 1 : 0, portal.Nodes.Requests.Count);
            portal.Nodes.Clear();

            await elsewhere.PostTextAsync(address, body).ProblemAsync(403, "access-denied");
            Assert.Empty(portal.Nodes.Requests);
        }
    }

    [Theory]
    [InlineData(BuiltInRoles.Administrator)]
    [InlineData(BuiltInRoles.Viewer)]
    public async Task Address_StraysFromOnesOwnNode_LeadsNowhere(string role)
    {
        using var client = await portal.ProgramAsync(role, portal.NodeId);
        var other = portal.OtherNodeId.ToString();
        foreach (var (method, path) in StrayPaths.All)
        {
            var address = path
                .Replace("OTHER", other, StringComparison.Ordinal)
                .Replace("UPPER", other.ToUpperInvariant(), StringComparison.Ordinal)
                .Replace("BARE", portal.OtherNodeId.ToString("N"), StringComparison.Ordinal)
                .Replace("ENCODED", string.Concat(other.Select(letter => $"%{(int)letter:x2}")), StringComparison.Ordinal)
                .Replace("OWN", portal.NodeId.ToString(), StringComparison.Ordinal);

            // As it is written, or the client would straighten it.
            var uri = new Uri(
                portal.Address.GetLeftPart(UriPartial.Authority) + address,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Parse(method), uri));

            Assert.True(
                portal.Nodes.Requests.All(request => request.NodeId == portal.NodeId), $"{address} reached the other node");
            Assert.True((int)answer.StatusCode >= 400 || address.Contains($"/{portal.NodeId}/", StringComparison.Ordinal),
                $"{address}: {(int)answer.StatusCode}");
            Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
            portal.Nodes.Clear();
        }

        Assert.True(portal.Portal.Fleet.Current.Nodes.ContainsKey(portal.OtherNodeId));
    }

    [Theory]
    [InlineData("PATCH", "containers/web", """{"memoryBytes":67108864}""", "AOD")]
    [InlineData("POST", "containers/web/rename", """{"name":"x"}""", "AOD")]
    [InlineData("POST", "images/pull", """{"image":"a"}""", "AOD")]
    [InlineData("POST", "images/tag", """{"image":"a","newName":"b"}""", "AOD")]
    [InlineData("POST", "images/prune", """{"all":true}""", "AO")]
    [InlineData("POST", "volumes/prune", """{"all":true}""", "AOD")]
    [InlineData("POST", "networks/prune", "{}", "AOD")]
    [InlineData("POST", "networks/n/containers", """{"container":"web"}""", "AOD")]
    public async Task Change_OfWhatIsThere_IsForTheRolesAloneAndOnTheirNode(string method, string path, string body, string roles)
    {
        foreach (var role in RoleTable.Roles.Values.Append(null))
        {
            using var own = await portal.ProgramAsync(role, portal.NodeId);
            var may = roles.Any(letter => RoleTable.Roles[letter] == role);

            using var here = await SendAsync(own, portal.NodeId);
            Assert.True(may == (here.StatusCode != HttpStatusCode.Forbidden), $"{role}: {(int)here.StatusCode}");
            Assert.Equal(may, portal.Nodes.Requests.Count > 0);
            portal.Nodes.Clear();
            using var there = await SendAsync(own, portal.OtherNodeId);
            Assert.Equal(HttpStatusCode.Forbidden, there.StatusCode);
            Assert.Empty(portal.Nodes.Requests);
        }

        Task<HttpResponseMessage> SendAsync(HttpClient client, Guid nodeId) => client.SendAsync(
            new HttpRequestMessage(HttpMethod.Parse(method), $"/api/v1/nodes/{nodeId}/{path}")
            {
                Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
            });
    }
}
