using System.Security.Claims;
using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Images.V1;
using Portal.Web.Features.Images.Listing;
using Portal.Web.Features.Pruning;

namespace Portal.Web.Features.Images.Dialogs;

/// <summary>A prune of images that no container uses.</summary>
public sealed class ImagePrune(ImageCommands images) : PruneKind
{
    public override (string Title, string Few, string All)? Choice =>
        (T("What goes"), T("Dangling images: those without a name"), T("All images that no container uses"));

    public override bool ByAge => true;

    public override string SpaceHint => T("Stored layers, their unpacked files, and what pulls that broke off left");

    public override string Count(int number) => Plural(number, "{0} image", "{0} images");

    public override IPrunePlan Plan(PruneSettings settings, DateTimeOffset now) => new ImagePlan(images, FilterOf(settings, now));

    /// <summary>As a node is asked.</summary>
    public static PruneFilter FilterOf(PruneSettings settings, DateTimeOffset now)
    {
        var filter = new PruneFilter { All = settings.All };
        if (settings.OlderThanHours > 0)
        {
            filter.Until = now.AddHours(-settings.OlderThanHours).ToTimestamp();
        }

        filter.Labels.AddRange(settings.LabelList);
        filter.ExcludedLabels.AddRange(settings.ExcludedLabelList);
        return filter;
    }

    private sealed class ImagePlan(ImageCommands images, PruneFilter filter) : IPrunePlan
    {
        public async Task<PrunePreview> PreviewAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken)
        {
            var preview = await images.PreviewPruneAsync(user, nodeId, filter, cancellationToken);
            return new PrunePreview(
                [.. preview.Images.Select(image => new PruneItem(NameOf(image), image.SizeBytes))], preview.Bytes, 0, preview.Bytes > 0);
        }

        public async Task<PruneOutcome> RunAsync(ClaimsPrincipal user, Guid nodeId)
        {
            var pruned = await images.PruneAsync(user, nodeId, filter, CancellationToken.None);
            return new PruneOutcome(pruned.Images, pruned.Bytes, []);
        }

        private static string NameOf(Image image) =>
            image.Names.Count == 0 ? T("{0} (no name)", ImageText.ShortId(image.Id)) : string.Join(", ", image.Names);
    }
}
