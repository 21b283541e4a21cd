namespace Portal.Engine.Images.Checking;

/// <summary>What a check came to.</summary>
/// <param name="Blobs">Blobs that were looked at.</param>
/// <param name="Bytes">Bytes of them.</param>
/// <param name="Layers">Unpacked layers that were looked at.</param>
/// <param name="Images">Images that were looked at.</param>
/// <param name="Problems">All that is wrong or was.</param>
/// <param name="UnusedBytes">Bytes of blobs that no image and no work in progress needs: what broken-off pulls left.</param>
/// <param name="FreedBytes">Bytes of them that were removed.</param>
public sealed record StoreCheckReport(
    int Blobs, long Bytes, int Layers, int Images, IReadOnlyList<StoreProblem> Problems, long UnusedBytes, long FreedBytes)
{
    /// <summary>True when nothing is wrong, or not any more.</summary>
    public bool IsSound => Problems.All(problem => problem.Outcome is StoreProblemOutcome.Mended or StoreProblemOutcome.Removed);
}
