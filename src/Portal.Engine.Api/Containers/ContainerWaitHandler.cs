using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Containers.Answers;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Containers;

/// <summary>Wait.</summary>
internal sealed class ContainerWaitHandler(IContainers containers)
{
    public async Task WaitAsync(HttpContext context)
    {
        var condition = context.Query("condition") switch
        {
            null or "" or "not-running" => WaitCondition.NotRunning,
            "next-exit" => WaitCondition.NextExit,
            "removed" => WaitCondition.Removed,
            var other => throw EngineException.InvalidArgument($"invalid condition: \"{other}\""),
        };
        var container = await containers.InspectAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);

        // docker run waits for these headers before it starts the container: the wait must be on when they go out.
        var waiting = containers.WaitAsync(container.Id, condition, context.RequestAborted);
        context.Response.ContentType = "application/json";
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        var answer = await FinishAsync(waiting).ConfigureAwait(false);
        await DockerJson.WriteLineAsync(context, answer, DockerJsonContext.Default.WaitAnswer).ConfigureAwait(false);
    }

    private static async Task<WaitAnswer> FinishAsync(Task<int> waiting)
    {
        try
        {
            return new WaitAnswer { StatusCode = await waiting.ConfigureAwait(false) };
        }
        catch (EngineException failure)
        {
            return new WaitAnswer { StatusCode = -1, Error = new WaitError(failure.Message) };
        }
    }
}
