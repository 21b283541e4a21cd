namespace Portal.Engine.Api.Images.Models;

/// <summary>The answer of <c>POST /images/prune</c>.</summary>
internal sealed record ImagePruneAnswer(List<ImageRemovalModel> ImagesDeleted, long SpaceReclaimed);
