using System.ComponentModel;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Contracts.Registries.V1;
using Portal.Web.Features.Registries;
using Portal.Web.Features.Rest.Json;

namespace Portal.Web.Features.Rest.Registries;

/// <summary>What registries say to a node, with the portal's login to them.</summary>
internal static class RegistryQueryEndpoints
{
    private const int Usual = 100;
    private const int Most = 1000;
    private const string Registry = "/nodes/{nodeId:guid}/registries";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost(Registry + "/check", CheckAsync).Needs(PermissionNames.RegistriesManage)
            .Says<CheckRegistryResponse>("checkRegistry", "Reaches a registry as the node would, and tries a login to it.");
        api.MapGet(Registry + "/repositories", SearchAsync).Needs(PermissionNames.RegistriesView)
            .Says<SearchRepositoriesResponse>("searchRepositories", "Repositories of a registry by a part of their name.");
        api.MapGet(Registry + "/tags", TagsAsync).Needs(PermissionNames.RegistriesView)
            .Says<ListTagsResponse>("listTags", "The tags of a repository.");
    }

    private static async Task<IResult> CheckAsync(
        Guid nodeId, RestBody<RegistryBody> body, ClaimsPrincipal user, RegistryQueries queries, CancellationToken cancellationToken) =>
        RestResults.Ok(await queries.CheckAsync(user, nodeId, body.Value.ToInput(null), cancellationToken));

    private static async Task<IResult> SearchAsync(
        Guid nodeId, [Description("host[:port]")] string host, string? term, int? limit, ClaimsPrincipal user, RegistryQueries queries,
        CancellationToken cancellationToken) =>
        RestResults.Ok(await queries.SearchAsync(user, nodeId, host, term ?? "", Bounded(limit), cancellationToken));

    private static async Task<IResult> TagsAsync(
        Guid nodeId, [Description("host[:port]")] string host, string repository, int? limit, ClaimsPrincipal user,
        RegistryQueries queries, CancellationToken cancellationToken) =>
        RestResults.Ok(await queries.ListTagsAsync(user, nodeId, host, repository, Bounded(limit), cancellationToken));

    private static int Bounded(int? limit) => Math.Clamp(limit ?? Usual, 1, Most);
}
