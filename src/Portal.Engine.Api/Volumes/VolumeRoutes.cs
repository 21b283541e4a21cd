using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Volumes;

/// <summary>Docker's <c>/volumes</c>.</summary>
internal sealed class VolumeRoutes(VolumeHandlers handlers, VolumeTransferHandlers transfers) : IDockerRoutes
{
    private const string LocalOnly = "The local driver.";

    private const string BackupNote =
        "Not Docker's: the volume as a zstd archive with a checksum within; `users=pause` or `users=stop` holds the containers that run "
        + "with it";

    private const string RestoreNote =
        "Not Docker's: puts such an archive into the volume; `create=1` makes it, `replace=1` lets files be in it, `users=stop` stops its "
        + "containers for the swap, `digest` is what the archive must be";

    public void Map(DockerRouteBuilder routes)
    {
        routes
            .Map("GET", "/volumes", handlers.ListAsync)
            .Map("POST", "/volumes/create", handlers.CreateAsync, note: LocalOnly)
            .Map("POST", "/volumes/prune", handlers.PruneAsync)
            .Map("GET", "/volumes/{id}", handlers.InspectAsync)
            .Map("DELETE", "/volumes/{id}", handlers.RemoveAsync)
            .Map("POST", "/portal/volumes/{id}/backup", transfers.BackupAsync, note: BackupNote)
            .Map("POST", "/portal/volumes/{id}/restore", transfers.RestoreAsync, DockerRouteBody.Stream, note: RestoreNote)
            .Refuse("PUT", "/volumes/{id}", 503, "This node is not a swarm manager: only cluster volumes can be updated.");
    }
}
