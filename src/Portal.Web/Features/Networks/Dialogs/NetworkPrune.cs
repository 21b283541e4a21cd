using System.Security.Claims;
using Portal.Contracts.Networks.V1;
using Portal.Web.Features.Pruning;

namespace Portal.Web.Features.Networks.Dialogs;

/// <summary>A prune of networks that no running container is on.</summary>
public sealed class NetworkPrune(NetworkCommands networks) : PruneKind
{
    public override string Note =>
        T("Networks that people made and that no running container is on. A stopped container that was on one starts without it.");

    public override bool FreesSpace => false;

    public override string Count(int number) => Plural(number, "{0} network", "{0} networks");

    public override IPrunePlan Plan(PruneSettings settings, DateTimeOffset now)
    {
        var filter = new NetworkPruneFilter();
        filter.Labels.AddRange(settings.LabelList);
        filter.ExcludedLabels.AddRange(settings.ExcludedLabelList);
        return new NetworkPlan(networks, filter);
    }

    private sealed class NetworkPlan(NetworkCommands networks, NetworkPruneFilter filter) : IPrunePlan
    {
        public async Task<PrunePreview> PreviewAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken)
        {
            var preview = await networks.PreviewPruneAsync(user, nodeId, filter, cancellationToken);
            var items = preview.Networks.Select(network => new PruneItem(network.Name, null, network.StoppedContainers));
            return new PrunePreview([.. items], 0, 0, preview.Networks.Count > 0);
        }

        public async Task<PruneOutcome> RunAsync(ClaimsPrincipal user, Guid nodeId)
        {
            var pruned = await networks.PruneAsync(user, nodeId, filter);
            return new PruneOutcome(pruned.Networks.Count, 0, pruned.Networks);
        }
    }
}
