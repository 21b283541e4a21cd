using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Containers;

/// <summary>Docker's <c>/containers</c>.</summary>
internal sealed class ContainerRoutes(
    ContainerListHandlers lists,
    ContainerCreateHandler create,
    ContainerStateHandlers states,
    ContainerUpdateHandler update,
    ContainerWaitHandler wait,
    ContainerAttachHandlers attach,
    ContainerLogsHandler logs,
    ContainerStatsHandler stats,
    ContainerProcessHandlers processes,
    ContainerTreeHandlers trees,
    ContainerArchiveHandlers archives) : IDockerRoutes
{
    public void Map(DockerRouteBuilder routes)
    {
        routes
            .Map(
                "GET",
                "/containers/json",
                lists.ListAsync,
                note: "The filter `ancestor` takes the image itself, not images that were built from it.")
            .Map("GET", "/containers/{id}/json", lists.InspectAsync)
            .Map("POST", "/containers/prune", lists.PruneAsync)
            .Map(
                "POST",
                "/containers/create",
                create.CreateAsync,
                note: "What is of Windows (`CpuCount`, `CpuPercent`, `IOMaximumIOps`, `IOMaximumBandwidth`, `ArgsEscaped`) has no effect; "
                    + "`KernelMemory` is warned about, `Isolation` refused unless `default`, `VolumeDriver` unless `local`.")
            .Map("POST", "/containers/{id}/start", states.StartAsync)
            .Map("POST", "/containers/{id}/stop", states.StopAsync)
            .Map("POST", "/containers/{id}/restart", states.RestartAsync)
            .Map("POST", "/containers/{id}/kill", states.KillAsync)
            .Map("POST", "/containers/{id}/pause", states.PauseAsync)
            .Map("POST", "/containers/{id}/unpause", states.UnpauseAsync)
            .Map("POST", "/containers/{id}/rename", states.RenameAsync)
            .Map("DELETE", "/containers/{id}", states.RemoveAsync, note: "`link=1`, which removes a link alone, is refused.")
            .Map("POST", "/containers/{id}/update", update.UpdateAsync)
            .Map("POST", "/containers/{id}/wait", wait.WaitAsync)
            .Map("POST", "/containers/{id}/attach", attach.AttachAsync, DockerRouteBody.Hijack)
            .Map("POST", "/containers/{id}/resize", attach.ResizeAsync)
            .Map("GET", "/containers/{id}/logs", logs.ReadAsync)
            .Map("GET", "/containers/{id}/stats", stats.ReadAsync)
            .Map("GET", "/containers/{id}/top", processes.TopAsync)
            .Map("GET", "/containers/{id}/changes", trees.ListChangesAsync)
            .Map("GET", "/containers/{id}/export", trees.ExportAsync)
            .Map("HEAD", "/containers/{id}/archive", archives.StatAsync)
            .Map("GET", "/containers/{id}/archive", archives.ReadAsync)
            .Map("PUT", "/containers/{id}/archive", archives.WriteAsync, DockerRouteBody.Stream)
            .Map("GET", "/containers/{id}/attach/ws", attach.AttachWebSocketAsync, DockerRouteBody.Hijack);
    }
}
