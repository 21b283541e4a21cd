using Portal.Compose.Planning;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>
/// Puts right what a deployment that was broken off left between two containers. A successor whose predecessor is gone gets its name;
/// one that runs as it should while its predecessor has stopped takes its place; any other goes, and is made anew where the plan wants
/// one.
/// </summary>
internal static class Leftovers
{
    public static async Task TidyAsync(ApplyContext context, CancellationToken cancellationToken)
    {
        var situation = await NodeSituation.ReadAsync(context.Node, cancellationToken);
        var own = situation.Of(context.Project.Name).ToDictionary(container => container.Id, StringComparer.Ordinal);
        foreach (var successor in own.Values.Where(container => container.Replaces.Length > 0))
        {
            var old = own.GetValueOrDefault(successor.Replaces);
            if (old is null)
            {
                await NameAsync(context, successor, cancellationToken);
            }
            else if (successor.State == "running" && !old.IsRunning && IsWanted(context, successor.ForPlan()))
            {
                await ServiceUpdater.StopAndRemoveAsync(context.Node, old.Id, old.Name, false, cancellationToken);
                await NameAsync(context, successor, cancellationToken);
            }
            else
            {
                await ServiceUpdater.StopAndRemoveAsync(context.Node, successor.Id, successor.Name, false, cancellationToken);
            }
        }
    }

    private static bool IsWanted(ApplyContext context, RunningContainer container) =>
        context.Project.Services.FirstOrDefault(service => service.Name == container.Service) is { } service
        && service.Hash == container.ConfigHash
        && context.Images.GetValueOrDefault(service.Name) == container.ImageId;

    // Its own is the name without the mark of its predecessor.
    private static async Task NameAsync(ApplyContext context, NodeContainer container, CancellationToken cancellationToken)
    {
        var mark = container.Replaces[..12] + "_";
        if (container.Name.StartsWith(mark, StringComparison.Ordinal))
        {
            await ServiceUpdater.RenameAsync(context.Node, container.Id, container.Name[mark.Length..], cancellationToken);
        }
    }
}
