using Microsoft.AspNetCore.Antiforgery;
using Portal.Contracts.Permissions;
using Portal.Web.Access.Policies;
using Portal.Web.Features.Files;
using Portal.Web.Features.Volumes.Listing;

namespace Portal.Web.Features.Volumes.Files;

/// <summary>
/// <c>GET</c> and <c>POST /api/v1/nodes/{node}/volumes/{volume}/files?path=P</c>: the bytes of one file down and up, and with
/// <c>archive=true</c> a tar archive down. All of it passes through as it comes.
/// </summary>
internal static class VolumeFileEndpoints
{
    public const string Pattern = "/api/v1/nodes/{nodeId:guid}/volumes/{holder}/files";

    public static void MapVolumeFiles(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Pattern, DownloadAsync).RequireAuthorization(new RequirePermissionAttribute(PermissionNames.VolumesFiles))
            .WithName("getVolumeFiles").WithSummary("Files of a volume.");
        endpoints.MapPost(Pattern, UploadAsync).RequireAuthorization(new RequirePermissionAttribute(PermissionNames.VolumesWriteFiles))
            .WithName("putVolumeFiles").WithSummary("Puts files into a volume.");
    }

    public static string AddressOf(VolumeKey volume) => $"api/v1/nodes/{volume.NodeId}/volumes/{Uri.EscapeDataString(volume.Name)}/files";

    private static Task DownloadAsync(Guid nodeId, string holder, string? path, bool? archive, HttpContext context, VolumeFiles files)
    {
        var key = new VolumeKey(nodeId, holder);
        var clean = FilePaths.Clean(path);
        return new FileDownload(context).RunAsync(download => archive == true
            ? files.DownloadArchiveAsync(context.User, key, clean, download, context.RequestAborted)
            : files.DownloadAsync(context.User, key, clean, download, context.RequestAborted));
    }

    private static Task<IResult> UploadAsync(
        Guid nodeId, string holder, string? path, bool? replace, HttpContext context, IAntiforgery antiforgery, VolumeFiles files) =>
        FileUploadRequest.HandleAsync(context, antiforgery, body => files.UploadAsync(
            context.User, new VolumeKey(nodeId, holder), FilePaths.Clean(path), replace == true, body, context.Request.ContentLength,
            context.RequestAborted));
}
