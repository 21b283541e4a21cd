using Portal.Engine.Api.Registries;
using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.System;

/// <summary>Docker's paths about the engine as a whole.</summary>
internal sealed class SystemRoutes(
    SystemHandlers system, EventsHandler events, DiskUsageHandler usage, LoginHandler login, StoreCheckHandler store) : IDockerRoutes
{
    private const string EventsNote =
        "Execs of health probes are not told, and there are none of the type `daemon`, as nothing is reloaded.";

    private const string StoreNote =
        "Not Docker's: checks what is stored of images; `mend=1` mends it, `quick=1` compares no digests. A document a line";

    public void Map(DockerRouteBuilder routes)
    {
        routes
            .Map("GET", "/_ping", system.PingAsync)
            .Map("HEAD", "/_ping", system.PingAsync)
            .Map("GET", "/version", system.VersionAsync)
            .Map("GET", "/info", system.InfoAsync)
            .Map("GET", "/events", events.ReadAsync, note: EventsNote)
            .Map("GET", "/system/df", usage.ReadAsync)
            .Map("POST", "/auth", login.LoginAsync)
            .Map("POST", "/portal/store/check", store.CheckAsync, note: StoreNote);
    }
}
