using Portal.Contracts.System.V1;

namespace Portal.Web.Features.Nodes.Details;

/// <summary>What one kind of data takes of a node's disk.</summary>
/// <param name="Key">Names its colour.</param>
/// <param name="Title">As people read it.</param>
/// <param name="Href">The list of such things; null for none.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Active">How many of them are in use.</param>
/// <param name="Bytes">What they take.</param>
/// <param name="ReclaimableBytes">What would be free without those that nothing uses.</param>
public sealed record DiskUse(string Key, string Title, string? Href, int Count, int Active, long Bytes, long ReclaimableBytes)
{
    /// <summary>What a node has measured.</summary>
    /// <returns>Null for a kind that a newer agent tells of.</returns>
    public static DiskUse? From(DiskCategory category)
    {
        (string Key, string Title, string? Href)? kind = category.Kind switch
        {
            DiskCategoryKind.Images => ("images", T("Images"), "images"),
            DiskCategoryKind.Containers => ("containers", T("Containers"), "containers"),
            DiskCategoryKind.Volumes => ("volumes", T("Volumes"), "volumes"),
            DiskCategoryKind.BuildCache => ("cache", T("Build cache"), "builds"),
            DiskCategoryKind.Logs => ("logs", T("Logs"), null),
            _ => null,
        };

        // A node's numbers are its own: they are shown, never trusted to be sensible.
        return kind is not { } known ? null : new DiskUse(
            known.Key, known.Title, known.Href, Math.Max(0, category.Count), Math.Max(0, category.Active),
            Math.Max(0, category.Bytes), Math.Clamp(category.ReclaimableBytes, 0, Math.Max(0, category.Bytes)));
    }
}
