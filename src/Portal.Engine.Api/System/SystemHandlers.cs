using System.Text;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Json;
using Portal.Engine.Containers;
using Portal.Engine.Hosting;
using Portal.Engine.Hosts;
using Portal.Engine.Images;
using Portal.Engine.Storage;

namespace Portal.Engine.Api.System;

/// <summary>Ping, version, info.</summary>
internal sealed class SystemHandlers(
    IHostFacts host, IContainers containers, IImages images, EngineOptions options, TimeProvider clock, IHostWarnings? warnings = null)
{
    private static readonly byte[] s_ok = Encoding.ASCII.GetBytes("OK");

    public async Task PingAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache, no-store, must-revalidate";
        context.Response.Headers.Pragma = "no-cache";
        context.Response.Headers["Swarm"] = "inactive";

        // 1 is the classic builder; the CLI would take BuildKit's sessions for granted otherwise.
        context.Response.Headers["Builder-Version"] = "1";
        context.Response.ContentLength = HttpMethods.IsHead(context.Request.Method) ? 0 : s_ok.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(s_ok, context.RequestAborted).ConfigureAwait(false);
        }
    }

    public async Task VersionAsync(HttpContext context)
    {
        var facts = await host.ReadAsync(context.RequestAborted).ConfigureAwait(false);
        await DockerJson
            .WriteAsync(context, SystemViews.Version(facts), DockerJsonContext.Default.VersionModel)
            .ConfigureAwait(false);
    }

    public async Task InfoAsync(HttpContext context)
    {
        var facts = await host.ReadAsync(context.RequestAborted).ConfigureAwait(false);
        var all = await containers.ListAsync(all: true, context.RequestAborted).ConfigureAwait(false);
        var stored = await images.ListAsync(context.RequestAborted).ConfigureAwait(false);
        var info = SystemViews.Info(facts, options, clock.GetUtcNow()) with
        {
            Containers = all.Count,
            ContainersRunning = all.Count(container => container.State is ContainerState.Running or ContainerState.Restarting),
            ContainersPaused = all.Count(container => container.State == ContainerState.Paused),
            ContainersStopped = all.Count(container =>
                container.State is not (ContainerState.Running or ContainerState.Restarting or ContainerState.Paused)),
            Images = stored.Count,
            Warnings = Warnings(),
        };
        await DockerJson.WriteAsync(context, info, DockerJsonContext.Default.InfoModel).ConfigureAwait(false);
    }

    // The client prints them as they are, on a line each.
    private List<string>? Warnings()
    {
        List<string> all = [.. warnings?.Read() ?? [], .. DiskRoom.Read(options.DataRoot)?.Warning is { } full ? [full] : (string[])[]];
        return all.Count > 0 ? all.ConvertAll(warning => "WARNING: " + warning) : null;
    }
}
