using Portal.Contracts.Permissions;
using Portal.Web.Features.Containers.Files;
using Portal.Web.Features.Files;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Volumes.Files;
using Portal.Web.Features.Volumes.Listing;

namespace Portal.Web.Features.Rest.Files;

/// <summary>
/// Folders of containers and volumes. The bytes of files go up and down at <c>files</c> itself (<c>ContainerFileEndpoints</c>,
/// <c>VolumeFileEndpoints</c>).
/// </summary>
internal static class FileEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        MapPlace(
            api, "/nodes/{nodeId:guid}/containers/{holder}/files", "Container", PermissionNames.ContainersFiles,
            PermissionNames.ContainersFiles, OfContainer);
        MapPlace(
            api, "/nodes/{nodeId:guid}/volumes/{holder}/files", "Volume", PermissionNames.VolumesFiles, PermissionNames.VolumesWriteFiles,
            OfVolume);
    }

    private static void MapPlace(
        RouteGroupBuilder api, string files, string of, string reading, string writing, Func<HttpContext, Guid, string, IFileSource> source)
    {
        api.MapGet(files + "/list", async (Guid nodeId, string holder, string? path, [AsParameters] PageQuery page, HttpContext context) =>
            {
                var found = await source(context, nodeId, holder).ListAsync(context.User, Clean(path ?? "/"), context.RequestAborted);
                return RestResults.Ok(page.Cut(found.Items, item => item.Name, FileListItem.Of));
            })
            .Needs(reading).Says<Page<FileListItem>>($"list{of}Files", "What is in a folder, by name; of very many the first ones.");
        api.MapGet(files + "/measure", async (Guid nodeId, string holder, string? path, HttpContext context) =>
                await source(context, nodeId, holder).MeasureAsync(context.User, Clean(path ?? "/"), context.RequestAborted) is { } totals
                    ? RestResults.Ok(totals)
                    : throw new RestProblemException(ProblemKind.Conflict, "That can't be told here."))
            .Needs(reading).Says<FileTotals>($"measure{of}Files", "What the removal of a path would take away.");
        api.MapPost(files + "/folder", async (Guid nodeId, string holder, RestBody<FilePlace> body, HttpContext context) =>
            {
                await source(context, nodeId, holder).MakeFolderAsync(context.User, Clean(body.Value.Path));
                return RestResults.NoContent();
            })
            .Needs(writing).Does($"make{of}Folder", "Makes a folder.");
        api.MapPost(files + "/rename", async (Guid nodeId, string holder, RestBody<FileMove> body, HttpContext context) =>
            {
                await source(context, nodeId, holder)
                    .RenameAsync(context.User, Clean(body.Value.Path), Clean(body.Value.NewPath));
                return RestResults.NoContent();
            })
            .Needs(writing).Does($"rename{of}File", "Gives a file or folder another path.");
        api.MapDelete(files, async (Guid nodeId, string holder, string path, HttpContext context) =>
            {
                await source(context, nodeId, holder).RemoveAsync(context.User, Clean(path));
                return RestResults.NoContent();
            })
            .Needs(writing).Does($"remove{of}File", "Removes a file, a link itself, or a folder with all in it.");
    }

    private static ContainerFileSource OfContainer(HttpContext context, Guid nodeId, string container) => new(
        context.RequestServices.GetRequiredService<ContainerFiles>(),
        context.RequestServices.GetRequiredService<FleetView>().KeyOf(nodeId, container));

    private static VolumeFileSource OfVolume(HttpContext context, Guid nodeId, string volume) =>
        new(context.RequestServices.GetRequiredService<VolumeFiles>(), new VolumeKey(nodeId, volume));

    private static string Clean(string path) => path.StartsWith('/')
        ? FilePaths.Clean(path)
        : throw new RestProblemException(ProblemKind.InvalidArgument, "A path is absolute: it begins with '/'.");
}
