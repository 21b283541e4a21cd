using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers.Committing;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Images;

/// <summary>Commit.</summary>
internal sealed class CommitHandler(IContainerCommits commits)
{
    public async Task CommitAsync(HttpContext context)
    {
        var container = context.Query("container");
        if (string.IsNullOrEmpty(container))
        {
            throw EngineException.InvalidArgument("bad parameter: no container is named");
        }

        var body = await DockerJson.TryReadAsync(context, DockerJsonContext.Default.ContainerConfigModel).ConfigureAwait(false);
        var repository = context.Query("repo");
        var made = await commits.CommitAsync(
            new ContainerCommit
            {
                Container = container,
                Name = string.IsNullOrEmpty(repository) ? null : ImageNames.Join(repository, context.Query("tag")),
                Author = context.Query("author") ?? "",
                Message = context.Query("comment") ?? "",
                Pause = context.Flag("pause", absent: true),
                Changes = [.. context.Request.Query["changes"].OfType<string>().SelectMany(lines => lines.Split('\n'))],
                Config = body is null ? null : Parse(body),
            },
            context.RequestAborted).ConfigureAwait(false);
        await DockerJson.WriteAsync(
            context, new CommitAnswer(made.Id), DockerJsonContext.Default.CommitAnswer, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static ImageConfig Parse(ContainerConfigModel body)
    {
        return new ImageConfig
        {
            User = body.User,
            Environment = body.Env ?? [],
            Entrypoint = body.Entrypoint,
            Command = body.Cmd,
            WorkingDirectory = body.WorkingDir,
            ExposedPorts = [.. body.ExposedPorts?.Keys.ToList() ?? []],
            Volumes = [.. body.Volumes?.Keys.ToList() ?? []],
            Labels = body.Labels ?? [],
            StopSignal = body.StopSignal ?? "",
            Healthcheck = body.Healthcheck?.Parse(),
            Shell = body.Shell,
            OnBuild = body.OnBuild ?? [],
        };
    }
}
