using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Data.Backups;
using Portal.Web.Features.Backups;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;

namespace Portal.Web.Features.Rest.Backups;

/// <summary>Backups of the portal and where they are kept.</summary>
internal static class BackupEndpoints
{
    private const string Destination = "/backups/destinations/{destinationId:guid}";
    private const string Backup = "/backups/{backupId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        const string needed = PermissionNames.BackupsManage;
        api.MapGet("/backups/destinations", ListAsync).Needs(needed)
            .Says<Page<DestinationItem>>("listBackupDestinations", "Where backups of the portal are kept.");
        api.MapPost("/backups/destinations", CreateAsync).Needs(needed)
            .Says<BackupMade>("createBackupDestination", "Makes a destination: a folder, or a bucket of a storage.", 201);
        api.MapGet(Destination, FindAsync).Needs(needed).Says<DestinationItem>("getBackupDestination", "A destination, with an ETag.");
        api.MapPut(Destination, UpdateAsync).Needs(needed).Does("updateBackupDestination", "Changes a destination. Wants If-Match.");
        api.MapDelete(Destination, RemoveAsync).Needs(needed)
            .Does("removeBackupDestination", "Removes a destination with its list; the backups stay where they are.");
        api.MapPost(Destination + "/test", TestAsync).Needs(needed)
            .Does("testBackupDestination", "Writes, lists, reads and removes a few bytes there.");
        api.MapPost(Destination + "/backups", BackUpAsync).Needs(needed)
            .Says<BackupMade>("createBackup", "Begins a backup; answers with its id.", 201);
        api.MapGet("/backups", BackupsAsync).Needs(needed).Says<Page<BackupItem>>("listBackups", "Backups, newest first.");
        api.MapGet(Backup, FindBackupAsync).Needs(needed).Says<BackupItem>("getBackup", "A backup, with what its check said.");
        api.MapPost(Backup + "/check", CheckAsync).Needs(needed)
            .Does("checkBackup", "Begins to restore a backup into a database on trial, and to compare it.");
        api.MapGet(Backup + "/file", DownloadAsync).Needs(needed).WithName("downloadBackup")
            .WithSummary("The backup, encrypted as it is.").Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");
        api.MapDelete(Backup, RemoveBackupAsync).Needs(needed).Does("removeBackup", "Removes a backup from its destination.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, BackupDirectory backups, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await backups.ListAsync(user, cancellationToken), line => line.Id.ToString(), DestinationItem.Of));

    private static async Task<IResult> CreateAsync(RestBody<DestinationBody> body, HttpContext context, BackupDirectory backups)
    {
        var id = await TryAsync(() => backups.SaveAsync(context.User, null, body.Value.ToDraft(), CancellationToken.None));
        return RestResults.Created(context, $"/backups/destinations/{id}", new BackupMade(id));
    }

    private static async Task<IResult> FindAsync(Guid destinationId, HttpContext context, BackupDirectory backups) =>
        EntityTags.Answer(context, await ReadAsync(context, backups, destinationId));

    private static async Task<IResult> UpdateAsync(
        Guid destinationId, RestBody<DestinationBody> body, HttpContext context, BackupDirectory backups, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"backup destination {destinationId}",
            () => ReadAsync(context, backups, destinationId),
            _ => TryAsync(() => backups.SaveAsync(context.User, destinationId, body.Value.ToDraft(), CancellationToken.None)));
        return RestResults.NoContent();
    }

    private static async Task<IResult> RemoveAsync(
        Guid destinationId, HttpContext context, BackupDirectory backups, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"backup destination {destinationId}",
            () => ReadAsync(context, backups, destinationId),
            _ => TryAsync(() => DoneAsync(backups.RemoveAsync(context.User, destinationId, CancellationToken.None))),
            required: false);
        return RestResults.NoContent();
    }

    private static async Task<IResult> TestAsync(Guid destinationId, HttpContext context, BackupDirectory backups)
    {
        await ReadAsync(context, backups, destinationId);
        await TryAsync(() => DoneAsync(backups.TestAsync(context.User, destinationId, context.RequestAborted)));
        return RestResults.NoContent();
    }

    private static async Task<IResult> BackUpAsync(Guid destinationId, HttpContext context, BackupDirectory backups)
    {
        await ReadAsync(context, backups, destinationId);
        var id = await TryAsync(() => backups.BackUpAsync(context.User, destinationId, CancellationToken.None));
        return RestResults.Created(context, $"/backups/{id}", new BackupMade(id));
    }

    private static async Task<IResult> BackupsAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, BackupDirectory backups, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await backups.BackupsAsync(user, null, cancellationToken), row => row.Id.ToString(), BackupItem.Of));

    private static async Task<IResult> FindBackupAsync(
        Guid backupId, ClaimsPrincipal user, BackupDirectory backups, CancellationToken cancellationToken) =>
        RestResults.Ok(BackupItem.Of(await ReadBackupAsync(user, backups, backupId, cancellationToken)));

    private static async Task<IResult> CheckAsync(Guid backupId, HttpContext context, BackupDirectory backups)
    {
        await ReadBackupAsync(context.User, backups, backupId, context.RequestAborted);
        await TryAsync(() => DoneAsync(backups.CheckAsync(context.User, backupId, CancellationToken.None)));
        return RestResults.NoContent();
    }

    private static async Task<IResult> DownloadAsync(
        Guid backupId, ClaimsPrincipal user, BackupDirectory backups, CancellationToken cancellationToken)
    {
        await ReadBackupAsync(user, backups, backupId, cancellationToken);
        var (name, content) = await TryAsync(() => backups.OpenBackupAsync(user, backupId, cancellationToken));
        return Results.Stream(content, "application/octet-stream", name);
    }

    private static async Task<IResult> RemoveBackupAsync(Guid backupId, HttpContext context, BackupDirectory backups)
    {
        await ReadBackupAsync(context.User, backups, backupId, context.RequestAborted);
        await TryAsync(() => DoneAsync(backups.RemoveBackupAsync(context.User, backupId, CancellationToken.None)));
        return RestResults.NoContent();
    }

    private static async Task<DestinationItem> ReadAsync(HttpContext context, BackupDirectory backups, Guid id) =>
        DestinationItem.Of(await backups.FindAsync(context.User, id, context.RequestAborted)
            ?? throw RestProblemException.NotFound("destination"));

    private static async Task<Portal.Data.Entities.Backups.PortalBackup> ReadBackupAsync(
        ClaimsPrincipal user, BackupDirectory backups, Guid id, CancellationToken cancellationToken) =>
        await backups.FindBackupAsync(user, id, cancellationToken) ?? throw RestProblemException.NotFound("backup");

    private static async Task<bool> DoneAsync(Task work)
    {
        await work;
        return true;
    }

    private static async Task<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (BackupException failure)
        {
            throw RestResults.Refused(failure.Message);
        }
    }
}
