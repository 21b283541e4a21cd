using Portal.Contracts.Images.V1;

namespace Portal.Web.Features.Builds.Running;

/// <summary>A step of a build at one moment.</summary>
public sealed record BuildStep
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>Number of its stage, from 0.</summary>
    public required int Stage { get; init; }

    /// <summary>Empty for a stage without a name.</summary>
    public required string StageName { get; init; }

    public required string Instruction { get; init; }

    /// <summary>In the Dockerfile, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>By the portal's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took, by the node's clock; null while it runs.</summary>
    public TimeSpan? Took { get; init; }

    public bool IsCached { get; init; }

    public bool HasFailed { get; init; }

    /// <summary>True when the build ended before it did.</summary>
    public bool IsStopped { get; init; }

    /// <summary>What it pulls, in the order in which it became known.</summary>
    public IReadOnlyList<TransferProgress> Transfers { get; init; } = [];

    /// <summary>What its program wrote, and what the builder says about it.</summary>
    public required BuildLog Log { get; init; }

    /// <summary>By the node's clock.</summary>
    internal DateTimeOffset NodeStartedAt { get; init; }
}
