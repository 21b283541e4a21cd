using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Access;

/// <summary>
/// Every route, page and hub of the portal stands here with its rule. An endpoint without a rule fails the test, so does
/// a rule whose endpoint
/// is gone; then all of them are tried without a session and as a person whose role is not enough.
/// </summary>
public sealed partial class UnauthorizedAccessTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static readonly Dictionary<string, EndpointRule> s_rules = new(RestEndpointRules.All)
    {
        ["GET /healthz"] = EndpointRule.Anonymous,
        ["GET /readyz"] = EndpointRule.Anonymous,
        ["GET,POST /sign-in"] = EndpointRule.Anonymous,
        ["GET,POST /sign-in/code"] = EndpointRule.Anonymous,
        ["POST /sign-in/passkey"] = EndpointRule.Anonymous,
        ["GET,POST /sign-in/with/{ProviderId:guid}"] = EndpointRule.Anonymous,
        ["GET,POST /sign-in/return/{ProviderId:guid}"] = EndpointRule.Anonymous,
        ["GET,POST /setup"] = EndpointRule.Anonymous,
        ["GET,POST /invitation/{Secret}"] = EndpointRule.Anonymous,
        ["POST /invitation/passkey"] = EndpointRule.Anonymous,
        ["GET,POST /not-found"] = EndpointRule.Anonymous,
        ["GET,POST /status/{Code:int}"] = EndpointRule.Anonymous,
        ["GET,POST /error"] = EndpointRule.Anonymous,

        // What every host gets that is to become a node: the same for all, without a secret.
        ["GET /install.sh"] = EndpointRule.Anonymous,
        ["GET /install/{name}"] = EndpointRule.Anonymous,

        // Senders prove themselves by a secret.
        ["POST /hooks/{id}"] = EndpointRule.Anonymous,

        // Agents prove themselves: by a join token, by a signature over a nonce, by the policy of nodes.
        ["POST /link/v1/join"] = EndpointRule.Anonymous,
        ["POST /link/v1/challenge"] = EndpointRule.Anonymous,
        ["POST /link/v1/key"] = EndpointRule.Node,
        ["GET /link/v1/reverse"] = EndpointRule.Node,
        ["* /link/v1/telemetry"] = EndpointRule.Node,
        ["* /link/v1/telemetry/negotiate"] = EndpointRule.Node,

        // Collectors, by a token or a network that was set; no session opens it.
        ["GET /metrics"] = EndpointRule.Metrics,

        ["POST /sign-out"] = EndpointRule.SignedIn,
        ["GET,POST /account/password"] = EndpointRule.SignedIn,
        ["GET,POST /account/profile"] = EndpointRule.SignedIn,
        ["GET,POST /account/security"] = EndpointRule.SignedIn,
        ["GET,POST /tokens"] = EndpointRule.SignedIn,
        ["GET,POST /rest-api"] = EndpointRule.SignedIn,
        ["POST /account/passkeys"] = EndpointRule.SignedIn,
        ["* /_blazor"] = EndpointRule.SignedIn,
        ["* /_blazor/negotiate"] = EndpointRule.SignedIn,
        ["* /_blazor/disconnect/"] = EndpointRule.SignedIn,
        ["* /_blazor/initializers/"] = EndpointRule.SignedIn,
        ["GET /_framework/opaque-redirect"] = EndpointRule.SignedIn,

        // Static files of a build that was not published; none of them is secret.
        ["GET,HEAD {**path:file}"] = EndpointRule.SignedIn,

        ["GET,POST /"] = EndpointRule.Needs(PermissionNames.NodesView),
        ["GET,POST /nodes"] = EndpointRule.Needs(PermissionNames.NodesView),
        ["GET,POST /nodes/{NodeId:guid}"] = EndpointRule.Needs(PermissionNames.NodesView),
        ["GET,POST /containers"] = EndpointRule.Needs(PermissionNames.ContainersView),
        ["GET,POST /containers/create"] = EndpointRule.Needs(PermissionNames.ContainersCreate),
        ["GET,POST /nodes/{NodeId:guid}/containers/{Id}/{Tab?}"] = EndpointRule.Needs(PermissionNames.ContainersView),
        ["GET,POST /images"] = EndpointRule.Needs(PermissionNames.ImagesView),
        ["GET,POST /nodes/{NodeId:guid}/images/{Id}/{Tab?}"] = EndpointRule.Needs(PermissionNames.ImagesView),
        ["GET,POST /builds"] = EndpointRule.Needs(PermissionNames.ImagesBuild, PermissionNames.BuildsView),
        ["GET,POST /builds/new"] = EndpointRule.Needs(PermissionNames.ImagesBuild),
        ["GET,POST /builds/{RunId:guid}"] = EndpointRule.Needs(PermissionNames.ImagesBuild, PermissionNames.BuildsView),
        ["GET,POST /builds/history"] = EndpointRule.Needs(PermissionNames.ImagesBuild, PermissionNames.BuildsView),
        ["GET,POST /builds/cache"] = EndpointRule.Needs(PermissionNames.ImagesView),
        ["GET,POST /deployments"] = EndpointRule.Needs(PermissionNames.StacksView),
        ["GET,POST /deployments/{DeploymentId:guid}"] = EndpointRule.Needs(PermissionNames.StacksView),
        ["GET,POST /stacks"] = EndpointRule.Needs(PermissionNames.StacksView),
        ["GET,POST /templates"] = EndpointRule.Needs(PermissionNames.StacksEdit),
        ["GET,POST /templates/{Id}"] = EndpointRule.Needs(PermissionNames.StacksEdit),
        ["GET,POST /stacks/new"] = EndpointRule.Needs(PermissionNames.StacksEdit),
        ["GET,POST /stacks/{StackId:guid}"] = EndpointRule.Needs(PermissionNames.StacksView),
        ["GET,POST /jobs"] = EndpointRule.Needs(PermissionNames.JobsView),
        ["GET,POST /jobs/{JobId:guid}"] = EndpointRule.Needs(PermissionNames.JobsView),
        ["GET,POST /jobs/{JobId:guid}/runs/{RunId:guid}"] = EndpointRule.Needs(PermissionNames.JobsView),
        ["GET,POST /webhooks"] = EndpointRule.Needs(PermissionNames.HooksView),
        ["GET,POST /webhooks/{HookId:guid}"] = EndpointRule.Needs(PermissionNames.HooksView),
        ["GET,POST /webhooks/{HookId:guid}/deliveries/{DeliveryId:guid}"] = EndpointRule.Needs(PermissionNames.HooksView),
        ["GET,POST /volumes"] = EndpointRule.Needs(PermissionNames.VolumesView),
        ["GET,POST /nodes/{NodeId:guid}/volumes/{Name}/{Tab?}"] = EndpointRule.Needs(PermissionNames.VolumesView),
        ["GET,POST /networks"] = EndpointRule.Needs(PermissionNames.NetworksView),
        ["GET,POST /nodes/{NodeId:guid}/networks/{Name}/{Tab?}"] = EndpointRule.Needs(PermissionNames.NetworksView),
        ["GET,POST /registries"] = EndpointRule.Needs(PermissionNames.RegistriesView),
        ["GET,POST /registries/{RegistryId:guid}"] = EndpointRule.Needs(PermissionNames.RegistriesView),
        ["GET,POST /alerts"] = EndpointRule.Needs(PermissionNames.AlertsView),
        ["GET,POST /events"] = EndpointRule.Needs(PermissionNames.NodesView),
        ["GET,POST /logs"] = EndpointRule.Needs(PermissionNames.ContainersLogs),
        ["GET,POST /stats"] = EndpointRule.Needs(PermissionNames.MetricsView),
        ["GET,POST /people"] = EndpointRule.Needs(PermissionNames.UsersManage),
        ["GET,POST /settings/sign-in"] = EndpointRule.Needs(PermissionNames.SignInManage),
        ["GET,POST /settings/sign-in/providers/{Key}"] = EndpointRule.Needs(PermissionNames.SignInManage),
        ["GET,POST /environments/{EnvironmentId:guid}"] = EndpointRule.Needs(PermissionNames.NodesView),
        ["GET,POST /environments"] = EndpointRule.Needs(PermissionNames.NodesView),
        ["GET,POST /teams"] = EndpointRule.Needs(PermissionNames.TeamsManage),
        ["GET,POST /teams/{TeamId:guid}"] = EndpointRule.Needs(PermissionNames.TeamsManage),
        ["GET,POST /templates/catalogues"] = EndpointRule.Needs(PermissionNames.TemplatesManage),
        ["GET,POST /backups"] = EndpointRule.Needs(PermissionNames.BackupsManage),
        ["GET,POST /policies"] = EndpointRule.Needs(PermissionNames.PoliciesManage),
        ["GET,POST /policies/{Key}"] = EndpointRule.Needs(PermissionNames.PoliciesManage),
        ["GET,POST /roles"] = EndpointRule.Needs(PermissionNames.RolesManage),
        ["GET,POST /roles/{Key}"] = EndpointRule.Needs(PermissionNames.RolesManage),

        // One's own is for everybody; the page asks for others'.
        ["GET,POST /access"] = EndpointRule.SignedIn,
        ["GET,POST /access/{PersonId:guid}"] = EndpointRule.SignedIn,
        ["GET,POST /audit"] = EndpointRule.Needs(PermissionNames.AuditView),
        ["GET /audit/export.{format:regex(^(csv|jsonl)$)}"] = EndpointRule.Needs(PermissionNames.AuditExport),

        ["* /docker/{node}/{**path}"] = EndpointRule.Needs(PermissionNames.NodesView),

        // Good for one ticket, which a page of that person's got and for which the permission is asked again.
        ["GET /api/v1/consoles/{ticket}"] = EndpointRule.SignedIn,
        ["GET /api/v1/consoles/recordings/{consoleId:guid}"] = EndpointRule.Needs(PermissionNames.ConsolesReplay),
        ["GET,POST /consoles"] = EndpointRule.Needs(PermissionNames.ContainersExec),
        ["GET,POST /consoles/recordings"] = EndpointRule.Needs(PermissionNames.ConsolesReplay),
        ["GET,POST /consoles/recordings/{ConsoleId:guid}"] = EndpointRule.Needs(PermissionNames.ConsolesReplay),
        ["GET,POST /nodes/{NodeId:guid}/shell"] = EndpointRule.Needs(PermissionNames.NodesShell),
        ["POST /api/v1/nodes/{nodeId:guid}/images/load"] = EndpointRule.Needs(PermissionNames.ImagesLoad),
        ["POST /api/v1/nodes/{nodeId:guid}/builds/{buildId:guid}/context"] = EndpointRule.Needs(PermissionNames.ImagesBuild),
        ["GET /api/v1/nodes/{nodeId:guid}/images/save"] = EndpointRule.Needs(PermissionNames.ImagesSave),
        ["GET /api/v1/nodes/{nodeId:guid}/containers/{holder}/files"] = EndpointRule.Needs(PermissionNames.ContainersFiles),
        ["POST /api/v1/nodes/{nodeId:guid}/containers/{holder}/files"] = EndpointRule.Needs(PermissionNames.ContainersFiles),
        ["GET /api/v1/nodes/{nodeId:guid}/volumes/{holder}/files"] = EndpointRule.Needs(PermissionNames.VolumesFiles),
        ["POST /api/v1/nodes/{nodeId:guid}/volumes/{holder}/files"] = EndpointRule.Needs(PermissionNames.VolumesWriteFiles),
        ["GET /api/v1/nodes/{nodeId:guid}/volumes/{volume}/backup"] = EndpointRule.Needs(PermissionNames.VolumesBackup),
        ["POST /api/v1/nodes/{nodeId:guid}/volumes/{volume}/restore"] = EndpointRule.Needs(PermissionNames.VolumesRestore),
        ["GET /api/v1/nodes/{nodeId:guid}/containers/{container}/logs"] = EndpointRule.Needs(PermissionNames.ContainersLogs),
    };

    /// <summary>The rules by the endpoint's name.</summary>
    internal static IReadOnlyDictionary<string, EndpointRule> Rules => s_rules;

    [Fact]
    public void Endpoints_All_StandInTheTable()
    {
        var all = Endpoints().Select(NameOf).ToList();
        var found = all.ToHashSet();

        // Mapped twice, an endpoint answers 500 to everybody.
        Assert.Equal(found.Count, all.Count);
        Assert.Empty(found.Except(s_rules.Keys));
        Assert.Empty(s_rules.Keys.Except(found));
    }

    [Fact]
    public void Endpoints_All_CarryTheirRule()
    {
        var wrong = Endpoints().Where(endpoint => !Carries(endpoint, s_rules[NameOf(endpoint)])).Select(NameOf);

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Endpoints_WithoutASession_AnswerNobody()
    {
        using var client = portal.CreateClient();
        foreach (var (endpoint, method) in Requests().Where(request => s_rules[NameOf(request.Endpoint)] != EndpointRule.Anonymous))
        {
            using var answer = await client.SendAsync(new HttpRequestMessage(method, PathOf(endpoint)));

            var refused = answer.StatusCode == HttpStatusCode.Unauthorized
                || (answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location!.ToString()
                    .Contains("/sign-in", StringComparison.Ordinal));
            Assert.True(refused, $"{method} {NameOf(endpoint)} answered {(int)answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData(BuiltInRoles.Viewer)]
    [InlineData(null)]
    public async Task Endpoints_RoleIsNotEnough_Answer403(string? role)
    {
        var name = $"role-{role ?? "none"}";
        await portal.AddPersonAsync(name, role);
        using var client = await portal.SignInAsync(name);
        var tried = 0;
        foreach (var (endpoint, method) in Requests())
        {
            var rule = s_rules[NameOf(endpoint)];
            if (rule.Permission is null || (role is not null && rule.IsMetBy(BuiltInRoles.Find(role)!.Permissions.Contains)))
            {
                continue;
            }

            using var answer = await client.SendAsync(new HttpRequestMessage(method, PathOf(endpoint)) { Content = new StringContent("") });
            Assert.True(
                answer.StatusCode == HttpStatusCode.Forbidden, $"{method} {NameOf(endpoint)} answered {(int)answer.StatusCode} to {name}");
            tried++;
        }

        Assert.True(tried > 5);
    }

    private IEnumerable<(RouteEndpoint Endpoint, HttpMethod Method)> Requests() => Requests(portal.Services);

    private IEnumerable<RouteEndpoint> Endpoints() => Endpoints(portal.Services);

    internal static IEnumerable<(RouteEndpoint Endpoint, HttpMethod Method)> Requests(IServiceProvider services) =>
        Endpoints(services).SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"])
            .Select(method => (endpoint, HttpMethod.Parse(method))));

    // Static files are known by what they are made from; they are public by design.
    internal static IEnumerable<RouteEndpoint> Endpoints(IServiceProvider services) => services
        .GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.All(item => item.GetType().Name != "StaticAssetDescriptor"));

    internal static string NameOf(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods;
        return $"{(methods is null ? "*" : string.Join(',', methods))} {endpoint.RoutePattern.RawText}";
    }

    internal static string PathOf(RouteEndpoint endpoint, Guid? nodeId = null)
    {
        var path = Parameters().Replace(endpoint.RoutePattern.RawText!, match => match.Groups["name"].Value.ToUpperInvariant() switch
        {
            "NODEID" => (nodeId ?? Guid.NewGuid()).ToString(),
            var id when id.EndsWith("ID", StringComparison.Ordinal) => Guid.NewGuid().ToString(),
            "FORMAT" => "csv",
            "CODE" => "404",
            "NUMBER" => "1",
            "**PATH" => "some.file",
            _ => "x",
        });
        return path.StartsWith('/') ? path : "/" + path;
    }

    private static bool Carries(RouteEndpoint endpoint, EndpointRule rule)
    {
        var anonymous = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        var policies = endpoint.Metadata.OfType<IAuthorizeData>().Select(data => data.Policy).ToList();
        return rule.Kind switch
        {
            EndpointRuleKind.Anonymous => anonymous,
            EndpointRuleKind.Permission => !anonymous && policies.Contains("perm:" + rule.Permission + (rule.Or is null ? "" : "|" + rule.Or)),
            EndpointRuleKind.Metrics => !anonymous && policies.Contains("metrics"),
            EndpointRuleKind.Node => !anonymous && policies.Contains("node"),

            // The fallback policy asks for a session where nothing else is said.
            _ => !anonymous,
        };
    }

    // A parameter's constraint may hold braces of its own only when doubled; none of ours does.
    [GeneratedRegex(@"\{(?<name>[*\w]+)[^}]*\}")]
    private static partial Regex Parameters();
}
