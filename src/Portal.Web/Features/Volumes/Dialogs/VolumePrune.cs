using System.Security.Claims;
using Portal.Contracts.Volumes.V1;
using Portal.Web.Features.Pruning;

namespace Portal.Web.Features.Volumes.Dialogs;

/// <summary>A prune of volumes that no container uses.</summary>
public sealed class VolumePrune(VolumeCommands volumes) : PruneKind
{
    public override (string Title, string Few, string All)? Choice => (
        T("What goes, with all files in it"),
        T("Unused anonymous volumes: those that nobody named"),
        T("All volumes that no container uses"));

    public override string Count(int number) => Plural(number, "{0} volume", "{0} volumes");

    public override IPrunePlan Plan(PruneSettings settings, DateTimeOffset now)
    {
        var filter = new VolumePruneFilter { All = settings.All };
        filter.Labels.AddRange(settings.LabelList);
        filter.ExcludedLabels.AddRange(settings.ExcludedLabelList);
        return new VolumePlan(volumes, filter);
    }

    private sealed class VolumePlan(VolumeCommands volumes, VolumePruneFilter filter) : IPrunePlan
    {
        public async Task<PrunePreview> PreviewAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken)
        {
            var preview = await volumes.PreviewPruneAsync(user, nodeId, filter, cancellationToken);
            var items = preview.Volumes.Select(volume => new PruneItem(volume.Name, volume.HasSizeBytes ? volume.SizeBytes : null));
            return new PrunePreview([.. items], preview.Bytes, preview.Unmeasured, preview.Volumes.Count > 0);
        }

        public async Task<PruneOutcome> RunAsync(ClaimsPrincipal user, Guid nodeId)
        {
            var pruned = await volumes.PruneAsync(user, nodeId, filter);
            return new PruneOutcome(pruned.Removed.Count, pruned.Bytes, pruned.Removed);
        }
    }
}
