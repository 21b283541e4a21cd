using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Images;

/// <summary>Docker's <c>/images</c> and <c>/commit</c>.</summary>
internal sealed class ImageRoutes(
    ImageHandlers images, ImagePullHandler pull, ImageLoadHandler load, ImageSaveHandler save,
    ImagePushHandler push, ImagePruneHandler prune, CommitHandler commit) : IDockerRoutes
{
    public void Map(DockerRouteBuilder routes)
    {
        routes
            .Map(
                "GET",
                "/images/json",
                images.ListAsync,
                note: "Digests are always told. `manifests`, which Docker calls experimental, is of engines that keep images in "
                    + "containerd.")
            .Map("POST", "/images/create", pull.PullAsync, DockerRouteBody.Stream)
            .Map("POST", "/images/load", load.LoadAsync, DockerRouteBody.Stream)
            .Map("POST", "/images/prune", prune.PruneAsync)
            .Map(
                "GET",
                "/images/{name}/json",
                images.InspectAsync,
                note: "`Metadata.LastTagTime` is always the beginning of time: when a name was given is not kept.")
            .Map("GET", "/images/{name}/history", images.HistoryAsync)
            .Map("POST", "/images/{name}/tag", images.TagAsync)
            .Map(
                "DELETE",
                "/images/{name}",
                images.RemoveAsync,
                note: "`noprune` has no effect: builds leave no images between the steps that could go too.")
            .Map("GET", "/images/get", save.SaveManyAsync)
            .Map("GET", "/images/{name}/get", save.SaveOneAsync)
            .Map("POST", "/images/{name}/push", push.PushAsync)
            .Map("POST", "/commit", commit.CommitAsync);
    }
}
