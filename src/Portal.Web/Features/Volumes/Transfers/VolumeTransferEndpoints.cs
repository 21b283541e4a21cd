using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Access.Policies;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Files;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Volumes.Listing;
using Portal.Web.Security;

namespace Portal.Web.Features.Volumes.Transfers;

/// <summary>
/// <c>GET /api/v1/nodes/{node}/volumes/{volume}/backup?ticket=T</c> and <c>POST .../restore?ticket=T</c>: the bytes of an archive, as they
/// come. A ticket is a <see cref="VolumeTransfer"/> that the person's own page made, so that no other site can have containers stopped.
/// </summary>
internal static class VolumeTransferEndpoints
{
    public const string BackupPattern = "/api/v1/nodes/{nodeId:guid}/volumes/{volume}/backup";
    public const string RestorePattern = "/api/v1/nodes/{nodeId:guid}/volumes/{volume}/restore";
    private const string Used = "This was begun already, or the page that began it is too old. Open the dialog anew.";

    public static void MapVolumeTransfers(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(BackupPattern, BackupAsync).RequireAuthorization(new RequirePermissionAttribute(PermissionNames.VolumesBackup))
            .WithName("backUpVolume").WithSummary("A volume as an archive.");
        endpoints.MapPost(RestorePattern, RestoreAsync)
            .RequireAuthorization(new RequirePermissionAttribute(PermissionNames.VolumesRestore))
            .WithName("restoreVolume").WithSummary("Puts the files of an archive into a volume.");
    }

    public static string AddressOf(VolumeTransfer transfer)
    {
        var verb = transfer.Kind == VolumeTransferKind.Backup ? "backup" : "restore";
        return $"api/v1/nodes/{transfer.Volume.NodeId}/volumes/{Uri.EscapeDataString(transfer.Volume.Name)}/{verb}?ticket={transfer.Id}";
    }

    private static async Task BackupAsync(
        Guid nodeId, string volume, Guid? ticket, HttpContext context, VolumeCommands volumes, VolumeTransfers transfers, TimeProvider time)
    {
        var transfer = transfers.TryStart(context.User, ticket, VolumeTransferKind.Backup, new VolumeKey(nodeId, volume));
        if (transfer is null)
        {
            await RestProblems.Answer(Used, statusCode: StatusCodes.Status409Conflict).ExecuteAsync(context);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, transfer.Cancellation);
        var stamp = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        await new FileDownload(context).RunAsync(download => RunAsync(transfers, transfer, async () =>
        {
            var summary = await volumes.BackupAsync(context.User, transfer, download, $"{volume}-{stamp}.tar.zst", stop.Token);
            var left = summary.LeftOutCount > 0 ? $"; left out {summary.LeftOutCount} sockets" : "";
            return $"{Units.Bytes(summary.Bytes)} in {summary.Entries} entries, {Units.Bytes(summary.ArchiveBytes)} compressed{left}";
        }));
    }

    private static async Task<IResult> RestoreAsync(
        Guid nodeId, string volume, Guid? ticket, HttpContext context, IAntiforgery antiforgery, VolumeCommands volumes,
        VolumeTransfers transfers)
    {
        if (!await antiforgery.IsGenuineAsync(context))
        {
            return RestProblems.Answer(N("The page that sent this is too old. Load it again and repeat the restore."), statusCode: 400);
        }

        var transfer = transfers.TryStart(context.User, ticket, VolumeTransferKind.Restore, new VolumeKey(nodeId, volume));
        if (transfer is null)
        {
            return RestProblems.Answer(Used, statusCode: StatusCodes.Status409Conflict);
        }

        // An archive may be larger than any limit for ordinary bodies. It is not buffered, and the node bounds what it unpacks.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, transfer.Cancellation);
        try
        {
            RestoredVolume? restored = null;
            await RunAsync(transfers, transfer, async () =>
            {
                var summary = await volumes.RestoreAsync(context.User, transfer, context.Request.Body, stop.Token);
                restored = new RestoredVolume(summary.Volume?.Name ?? volume);
                return $"{Units.Bytes(summary.Bytes)} in {summary.Entries} entries";
            });
            return Results.Ok(restored);
        }
        catch (AccessDeniedException denied)
        {
            return RestProblems.Answer(denied.Message, statusCode: StatusCodes.Status403Forbidden);
        }
        catch (NodeCallException failure)
        {
            return RestProblems.Answer(failure.Message, statusCode: FileDownload.StatusOf(failure));
        }
    }

    // Whatever it was that ended it, the person who waits at the page must learn of it; then it goes its way.
    private static async Task RunAsync(VolumeTransfers transfers, VolumeTransfer transfer, Func<Task<string>> run)
    {
        try
        {
            transfers.Complete(transfer, await run(), null);
        }
        catch (Exception failure)
        {
            var reason = failure is OperationCanceledException ? N("The connection to the browser broke off.") : failure.Message;
            transfers.Complete(transfer, "", reason);
            throw;
        }
    }

    private sealed record RestoredVolume([property: JsonPropertyName("name")] string Name);
}
