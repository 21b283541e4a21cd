using Microsoft.AspNetCore.Antiforgery;
using Portal.Contracts.Permissions;
using Portal.Web.Access.Policies;
using Portal.Web.Features.Files;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Containers.Files;

/// <summary>
/// <c>GET</c> and <c>POST /api/v1/nodes/{node}/containers/{container}/files?path=P</c>: the bytes of one file down and up, and with
/// <c>archive=true</c> a tar archive down. All of it passes through as it comes.
/// </summary>
internal static class ContainerFileEndpoints
{
    // The other operations on files are at these addresses too: an OpenAPI document may not name one part of them in two ways.
    public const string Pattern = "/api/v1/nodes/{nodeId:guid}/containers/{holder}/files";

    public static void MapContainerFiles(this IEndpointRouteBuilder endpoints)
    {
        var rule = new RequirePermissionAttribute(PermissionNames.ContainersFiles);
        endpoints.MapGet(Pattern, DownloadAsync).RequireAuthorization(rule)
            .WithName("getContainerFiles").WithSummary("Files of a container.");
        endpoints.MapPost(Pattern, UploadAsync).RequireAuthorization(rule)
            .WithName("putContainerFiles").WithSummary("Puts files into a container.");
    }

    public static string AddressOf(ContainerKey container) =>
        $"api/v1/nodes/{container.NodeId}/containers/{Uri.EscapeDataString(container.Id)}/files";

    private static Task DownloadAsync(
        Guid nodeId, string holder, string? path, bool? archive, HttpContext context, ContainerFiles files, IFleet fleet)
    {
        var key = KeyOf(nodeId, holder, fleet);
        var clean = FilePaths.Clean(path);
        return new FileDownload(context).RunAsync(download => archive == true
            ? files.DownloadArchiveAsync(context.User, key, clean, download, context.RequestAborted)
            : files.DownloadAsync(context.User, key, clean, download, context.RequestAborted));
    }

    private static Task<IResult> UploadAsync(
        Guid nodeId, string holder, string? path, bool? replace, HttpContext context, IAntiforgery antiforgery, ContainerFiles files,
        IFleet fleet)
    {
        var key = KeyOf(nodeId, holder, fleet);
        return FileUploadRequest.HandleAsync(context, antiforgery, body =>
            files.UploadAsync(context.User, key, FilePaths.Clean(path), replace == true, body, context.RequestAborted));
    }

    // Its name is for the audit log; the node finds it by what the address says.
    private static ContainerKey KeyOf(Guid nodeId, string container, IFleet fleet)
    {
        var view = fleet.Current.Nodes.GetValueOrDefault(nodeId)?.Containers.GetValueOrDefault(container);
        return new ContainerKey(nodeId, container, view?.Name ?? container);
    }
}
