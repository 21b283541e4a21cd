using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Containers.Answers;
using Portal.Engine.Api.Containers.Mapping;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Errors;
using Portal.Engine.Trees;

namespace Portal.Engine.Api.Containers;

/// <summary>Copies in and out of containers.</summary>
internal sealed class ContainerArchiveHandlers(IContainerTrees trees)
{
    private const string StatHeader = "X-Docker-Container-Path-Stat";

    public async Task StatAsync(HttpContext context)
    {
        AddStat(context, await trees.StatAsync(context.Id(), PathOf(context), context.RequestAborted).ConfigureAwait(false));
    }

    public Task ReadAsync(HttpContext context)
    {
        return trees.ReadAsync(
            context.Id(),
            PathOf(context),
            stat =>
            {
                AddStat(context, stat);
                context.Response.ContentType = "application/x-tar";
                return ValueTask.FromResult(context.Response.Body);
            },
            context.RequestAborted);
    }

    public Task WriteAsync(HttpContext context)
    {
        return trees.WriteAsync(
            context.Id(),
            PathOf(context),
            context.Request.Body,
            context.Flag("noOverwriteDirNonDir"),
            context.Flag("copyUIDGID"),
            context.RequestAborted);
    }

    private static string PathOf(HttpContext context)
    {
        return context.Query("path") is { Length: > 0 } path
            ? path
            : throw EngineException.InvalidArgument("bad parameter: path cannot be empty");
    }

    private static void AddStat(HttpContext context, TreeStat stat)
    {
        var model = new PathStatModel
        {
            Name = stat.Name,
            Size = stat.Size,
            Mode = GoFileMode.From(stat.Mode),
            ModifiedTime = GoTime.Format(stat.Modified),
            LinkTarget = stat.LinkTarget,
        };
        context.Response.Headers[StatHeader] =
            Convert.ToBase64String(DockerJson.Serialize(model, DockerJsonContext.Default.PathStatModel));
    }
}
