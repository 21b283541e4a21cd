using Portal.Engine.Api.Images.Models;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Images;

/// <summary>Steps of a pull in Docker's words.</summary>
/// <param name="name">What is pulled, or null for several, each of which its step names.</param>
internal sealed class PullSteps(string? name)
{
    private static readonly ProgressDetailModel s_none = new();

    public ProgressModel? Map(TransferProgress step)
    {
        return step.Phase switch
        {
            TransferPhase.Resolving => new ProgressModel
            {
                Status = $"Pulling from {ImageNames.PathInRegistry(name ?? step.Item)}",
                Id = ImageNames.Tag(name ?? step.Item),
            },
            TransferPhase.Done => null,
            _ => Layer(step),
        };
    }

    private static ProgressModel Layer(TransferProgress step)
    {
        var counts = step.Phase is TransferPhase.Downloading or TransferPhase.Extracting;
        return new ProgressModel
        {
            Id = step.Item,
            Status = step.Phase switch
            {
                TransferPhase.Exists => "Already exists",
                TransferPhase.Downloading => "Downloading",
                TransferPhase.Extracting => "Extracting",
                TransferPhase.Complete => "Pull complete",
                TransferPhase.Retrying => step.Message ?? "Retrying",
                _ => "Pulling fs layer",
            },
            Detail = counts ? new ProgressDetailModel { Current = step.Current, Total = step.Total ?? 0 } : s_none,
            Bar = counts ? ProgressBar.Format(step.Current, step.Total) : null,
        };
    }
}
