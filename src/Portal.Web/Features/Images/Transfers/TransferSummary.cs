using Portal.Contracts.Images.V1;

namespace Portal.Web.Features.Images.Transfers;

/// <summary>All parts of a transfer in one line.</summary>
/// <param name="Layers">Parts that have bytes.</param>
/// <param name="Done">Those of them that are complete, or were there already.</param>
/// <param name="Share">How far it is, 0 to 1; null while nobody can tell.</param>
public sealed record TransferSummary(int Layers, int Done, double? Share)
{
    public static TransferSummary Of(ImageTransfer transfer)
    {
        // The whole has the image's name and no bytes of its own.
        var parts = transfer.Items.Where(item => item.Phase is not (TransferPhase.Resolving or TransferPhase.Done)).ToList();
        var share = parts.Count == 0 ? (double?)null : parts.Average(ShareOf);
        return new TransferSummary(parts.Count, parts.Count(IsDone), share);
    }

    /// <summary>How far a part is, 0 to 1. A layer is fetched first, then unpacked: each counts half.</summary>
    public static double ShareOf(TransferProgress item) => item.Phase switch
    {
        TransferPhase.Complete or TransferPhase.Exists or TransferPhase.Done => 1,
        TransferPhase.Downloading => Fraction(item) / 2,
        TransferPhase.Extracting => 0.5 + (Fraction(item) / 2),
        TransferPhase.Uploading => Fraction(item),
        _ => 0,
    };

    private static bool IsDone(TransferProgress item) => item.Phase is TransferPhase.Complete or TransferPhase.Exists;

    private static double Fraction(TransferProgress item) =>
        item is { HasTotal: true, Total: > 0 } ? Math.Clamp((double)item.Current / item.Total, 0, 1) : 0;
}
