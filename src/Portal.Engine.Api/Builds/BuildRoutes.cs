using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Builds;

/// <summary>Docker's <c>/build</c>.</summary>
internal sealed class BuildRoutes(BuildHandler builds, BuildPruneHandler prune) : IDockerRoutes
{
    private const string Missing =
        "The classic builder's protocol: version=2 (BuildKit), session, squash and outputs are refused; cachefrom takes images that were "
        + "built with BUILDKIT_INLINE_CACHE=1 here. Secrets and SSH keys need a session in this protocol, so "
        + "RUN --mount=type=secret|ssh goes without them here, or fails where they are required; builds from the dashboard have both. "
        + "Containers of steps are removed whatever rm and forcerm say.";

    private const string NoCancel = "a build is cancelled by closing its connection; builds with ids are BuildKit's";

    public void Map(DockerRouteBuilder routes)
    {
        routes
            .Map("POST", "/build", builds.BuildAsync, DockerRouteBody.Stream, DockerRouteSupport.Partial, Missing)
            .Map("POST", "/build/prune", prune.PruneAsync)
            .Refuse("POST", "/build/cancel", 501, NoCancel);
    }
}
