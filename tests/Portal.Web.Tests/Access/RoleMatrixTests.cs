using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Tests.Features.Rest;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Access;

/// <summary>
/// Every role, and somebody without one, against every endpoint, page and hub of the routing table: given on everything,
/// and on one node alone. What is expected
/// stands in two tables: which permission an endpoint needs (<see cref="UnauthorizedAccessTests.Rules"/>), and which
/// roles have it (<see cref="RoleTable"/>).
/// </summary>
[Collection(RestCollection.Name)]
public sealed class RoleMatrixTests(RestPortal portal)
{
    // Tried by whom they refuse alone: the others would lose their session, or the node that the rest is tried on.
    private static readonly HashSet<string> s_final = ["POST /sign-out", "DELETE /api/v1/nodes/{nodeId:guid}"];

    // Asked for by a token here, and a token must never outlive its own revocation by another.
    private static readonly HashSet<string> s_takesASession = ["DELETE /api/v1/tokens/{tokenId:guid}"];

    // Reached by agents alone, whose rule is the endpoint's: no person may call any of them.
    private static readonly Dictionary<string, EndpointRule> s_hubMethods = new()
    {
        ["TelemetryHub.Announce"] = EndpointRule.Node,
        ["TelemetryHub.ReportEvents"] = EndpointRule.Node,
        ["TelemetryHub.ReportContainers"] = EndpointRule.Node,
        ["TelemetryHub.ReportNode"] = EndpointRule.Node,
        ["TelemetryHub.ReportStats"] = EndpointRule.Node,
        ["TelemetryHub.ReportHistory"] = EndpointRule.Node,
        ["TelemetryHub.ReportLogs"] = EndpointRule.Node,
    };

    [Fact]
    public void Roles_Permissions_AreThoseOfTheTable()
    {
        foreach (var role in BuiltInRoles.All)
        {
            Assert.Equal(RoleTable.Permissions.Keys.Where(name => RoleTable.Has(role.Name, name)).Order(), role.Permissions.Order());
        }

        Assert.Equal(RoleTable.Permissions.Keys.Order(), PermissionCatalog.All.Select(permission => permission.Name).Order());
    }

    [Fact]
    public void Hubs_Methods_StandInTheTableAndHaveTheirEndpointsRule()
    {
        var hubs = UnauthorizedAccessTests.Endpoints(portal.Services)
            .Select(endpoint => (Hub: endpoint.Metadata.GetMetadata<HubMetadata>()?.HubType, Endpoint: endpoint))
            .Where(pair => pair.Hub?.Assembly == typeof(PortalApplication).Assembly)
            .ToList();
        var methods = hubs.SelectMany(pair => pair.Hub!
                .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(method => method.GetBaseDefinition() == method && !method.IsSpecialName && method.Name is not "Dispose")
                .Select(method => (Name: $"{pair.Hub.Name}.{method.Name}", pair.Endpoint)))
            .ToList();

        Assert.Equal(s_hubMethods.Keys.Order(), methods.Select(method => method.Name).Distinct().Order());
        Assert.All(methods, method => Assert.Equal(
            s_hubMethods[method.Name], UnauthorizedAccessTests.Rules[UnauthorizedAccessTests.NameOf(method.Endpoint)]));
    }

    [Theory]
    [InlineData(BuiltInRoles.Administrator)]
    [InlineData(BuiltInRoles.Operator)]
    [InlineData(BuiltInRoles.Deployer)]
    [InlineData(BuiltInRoles.Developer)]
    [InlineData(BuiltInRoles.Viewer)]
    [InlineData(null)]
    public async Task Endpoints_EachRole_IsLetInWhereTheTablesSay(string? role)
    {
        var wrong = new ConcurrentBag<string>();
        await TryAllAsync(role, null, wrong);
        await TryAllAsync(role, portal.NodeId, wrong);

        Assert.True(wrong.IsEmpty, string.Join("\n", wrong.Order()));
    }

    private async Task TryAllAsync(string? role, Guid? scope, ConcurrentBag<string> wrong)
    {
        var name = $"matrix-{role ?? "nobody"}-{(scope is null ? "all" : "node")}";
        using var program = await portal.ProgramOfAsync(await portal.Portal.AddPersonAsync(name, role, scope));
        using var browser = portal.Portal.CreateClient(portal.Address);
        using (var signedIn = await browser.PostSignInAsync(name, TestPortal.AdminPassword))
        {
            Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        }

        var requests = UnauthorizedAccessTests.Requests(portal.Services).SelectMany(request => NodesOf(request.Endpoint)
            .Select(node => (request.Endpoint, request.Method, Node: node)));
        var tried = 0;
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (request, stop) =>
        {
            var endpoint = UnauthorizedAccessTests.NameOf(request.Endpoint);
            if (!UnauthorizedAccessTests.Rules.TryGetValue(endpoint, out var rule) || rule == EndpointRule.Anonymous)
            {
                return;
            }

            var expected = IsLetIn(endpoint, rule, role, scope, request.Node);
            if (expected && s_final.Contains(endpoint))
            {
                return;
            }

            var path = UnauthorizedAccessTests.PathOf(request.Endpoint, request.Node);
            var client = path.Split('/')[1] is "api" or "docker" ? program : browser;
            using var message = new HttpRequestMessage(request.Method, path);
            using var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stop);
            if (IsRefused(answer) == expected)
            {
                wrong.Add($"{name}: {request.Method} {path} ({endpoint}) answered {(int)answer.StatusCode}");
            }

            Interlocked.Increment(ref tried);
        });
        Assert.True(tried > 100, $"{tried} requests");
    }

    // One's own, another, and none that there is.
    private IEnumerable<Guid?> NodesOf(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.Parameters.Any(parameter => parameter.Name.Equals("nodeId", StringComparison.OrdinalIgnoreCase))
            ? [portal.NodeId, portal.OtherNodeId, Guid.Parse("00000000-0000-7000-8000-000000000000")]
            : [null];

    private static bool IsLetIn(string endpoint, EndpointRule rule, string? role, Guid? scope, Guid? node)
    {
        if (rule.Kind is EndpointRuleKind.SignedIn)
        {
            return !s_takesASession.Contains(endpoint);
        }

        return rule.IsMetBy(permission => RoleTable.Has(role, permission)
            && (scope is null || (node is null
                ? PermissionCatalog.Find(permission)!.OnNodes
                : node == scope)));
    }

    private static bool IsRefused(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        || (answer.StatusCode == HttpStatusCode.Redirect
            && answer.Headers.Location!.ToString().Contains("/sign-in", StringComparison.Ordinal));
}
