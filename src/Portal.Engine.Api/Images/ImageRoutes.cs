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
            .Map("GET", "/images/json", images.ListAsync)
            .Map("POST", "/images/create", pull.PullAsync, DockerRouteBody.Stream)
            .Map("POST", "/images/load", load.LoadAsync, DockerRouteBody.Stream)
            .Map("POST", "/images/prune", prune.PruneAsync)
            .Map("GET", "/images/{name}/json", images.InspectAsync)
            .Map("GET", "/images/{name}/history", images.HistoryAsync)
            .Map("POST", "/images/{name}/tag", images.TagAsync)
            .Map("DELETE", "/images/{name}", images.RemoveAsync)
            .Map("GET", "/images/get", save.SaveManyAsync)
            .Map("GET", "/images/{name}/get", save.SaveOneAsync)
            .Map("POST", "/images/{name}/push", push.PushAsync)
            .Map("POST", "/commit", commit.CommitAsync);
    }
}
