using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Containers.Answers;
using Portal.Engine.Api.Containers.Mapping;
using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers.Updates;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Containers;

/// <summary>Update: limits and the restart policy.</summary>
internal sealed class ContainerUpdateHandler(IContainerUpdates updates)
{
    public async Task UpdateAsync(HttpContext context)
    {
        var request = await DockerJson.ReadAsync(context, DockerJsonContext.Default.HostConfigModel).ConfigureAwait(false);
        var warnings = new List<string>();
        var update = Parse(request, warnings);

        // Not to be cancelled: a client that goes away must not leave limits that are set but not written down.
        warnings.AddRange(await updates.UpdateAsync(context.Id(), update, CancellationToken.None).ConfigureAwait(false));
        await DockerJson
            .WriteAsync(context, new UpdateAnswer(warnings.Count == 0 ? null : warnings), DockerJsonContext.Default.UpdateAnswer)
            .ConfigureAwait(false);
    }

    private static ContainerUpdate Parse(HostConfigModel request, List<string> warnings)
    {
        var problems = new List<string>();
        Unsupported.Find(new ContainerCreateRequest { HostConfig = request }, problems, warnings);
        var update = new ContainerUpdate
        {
            Resources = HostResources.Limits(request),
            PidsLimit = request.PidsLimit,

            // No name is no change, as in Docker.
            RestartPolicy = string.IsNullOrEmpty(request.RestartPolicy?.Name)
                ? null
                : RestartPolicies.Parse(request.RestartPolicy, problems),
        };
        return problems.Count == 0 ? update : throw EngineException.InvalidArgument(string.Join("; ", problems));
    }
}
