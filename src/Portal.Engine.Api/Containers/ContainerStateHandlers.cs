using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Containers;

/// <summary>What changes a container's state or name. All answer 204, and 304 where nothing had to be done.</summary>
internal sealed class ContainerStateHandlers(IContainers containers)
{
    public async Task StartAsync(HttpContext context)
    {
        // A client that goes away meanwhile must not leave a half-started container: the step is carried out.
        var changed = await containers.StartAsync(context.Id(), CancellationToken.None).ConfigureAwait(false);
        Answer(context, changed);
    }

    public async Task StopAsync(HttpContext context)
    {
        var changed = await containers
            .StopAsync(context.Id(), Grace(context), Signal(context), context.RequestAborted)
            .ConfigureAwait(false);
        Answer(context, changed);
    }

    public async Task RestartAsync(HttpContext context)
    {
        await containers
            .RestartAsync(context.Id(), Grace(context), Signal(context), CancellationToken.None)
            .ConfigureAwait(false);
        Answer(context, changed: true);
    }

    public async Task KillAsync(HttpContext context)
    {
        await containers.KillAsync(context.Id(), Signal(context), context.RequestAborted).ConfigureAwait(false);
        Answer(context, changed: true);
    }

    public async Task PauseAsync(HttpContext context)
    {
        await containers.PauseAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        Answer(context, changed: true);
    }

    public async Task UnpauseAsync(HttpContext context)
    {
        await containers.UnpauseAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        Answer(context, changed: true);
    }

    public async Task RenameAsync(HttpContext context)
    {
        var name = context.Query("name")?.TrimStart('/');
        if (string.IsNullOrEmpty(name))
        {
            throw EngineException.InvalidArgument("Neither old nor new names may be empty");
        }

        await containers.RenameAsync(context.Id(), name, context.RequestAborted).ConfigureAwait(false);
        Answer(context, changed: true);
    }

    public async Task RemoveAsync(HttpContext context)
    {
        if (context.Flag("link"))
        {
            throw EngineException.InvalidArgument("a link goes with its container in this engine and cannot be removed alone");
        }

        await containers
            .RemoveAsync(context.Id(), context.Flag("force"), context.Flag("v"), context.RequestAborted)
            .ConfigureAwait(false);
        Answer(context, changed: true);
    }

    private static void Answer(HttpContext context, bool changed)
    {
        context.Response.StatusCode = changed ? StatusCodes.Status204NoContent : StatusCodes.Status304NotModified;
    }

    private static TimeSpan? Grace(HttpContext context)
    {
        return context.Number("t") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static string? Signal(HttpContext context)
    {
        return context.Query("signal") is { Length: > 0 } signal ? signal : null;
    }
}
