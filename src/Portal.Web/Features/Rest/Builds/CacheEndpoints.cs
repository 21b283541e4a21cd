using System.Security.Claims;
using Portal.Contracts.Builds.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Builds;
using Portal.Web.Features.Rest.Json;

namespace Portal.Web.Features.Rest.Builds;

/// <summary>What nodes keep of builds, so that the next ones are faster.</summary>
internal static class CacheEndpoints
{
    private const string Cache = "/nodes/{nodeId:guid}/build-cache";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Cache, ListAsync).Needs(PermissionNames.ImagesView)
            .Says<ListCacheResponse>("listBuildCache", "What a node keeps of builds, and within which limits.");
        api.MapPut(Cache + "/limits", LimitAsync).Needs(PermissionNames.NodesManage)
            .Says<SetCacheLimitsResponse>("putBuildCacheLimits", "Sets how much a node keeps and for how long; says what went for it.");
        api.MapPost(Cache + "/prune", PruneAsync).Needs(PermissionNames.ImagesRemove)
            .Says<PruneCacheResponse>("pruneBuildCache", "Removes what was chosen.");
        api.MapPost(Cache + "/prune/preview", PreviewAsync).Needs(PermissionNames.ImagesView)
            .Says<PreviewCachePruneResponse>("previewPruneBuildCache", "What a prune would remove now.");
    }

    private static async Task<IResult> ListAsync(
        Guid nodeId, ClaimsPrincipal user, BuildCommands builds, CancellationToken cancellationToken) =>
        RestResults.Ok(await builds.ListCacheAsync(user, nodeId, cancellationToken));

    private static async Task<IResult> LimitAsync(Guid nodeId, RestBody<CacheLimits> body, ClaimsPrincipal user, BuildCommands builds) =>
        RestResults.Ok(await builds.SetLimitsAsync(user, nodeId, body.Value, CancellationToken.None));

    private static async Task<IResult> PruneAsync(
        Guid nodeId, RestBody<CacheSelection> body, ClaimsPrincipal user, BuildCommands builds) =>
        RestResults.Ok(await builds.PruneAsync(user, nodeId, body.Value, CancellationToken.None));

    private static async Task<IResult> PreviewAsync(
        Guid nodeId, RestBody<CacheSelection> body, ClaimsPrincipal user, BuildCommands builds, CancellationToken cancellationToken) =>
        RestResults.Ok(await builds.PreviewPruneAsync(user, nodeId, body.Value, cancellationToken));
}
