namespace Portal.Web.Features.Deployments;

/// <summary>What a person asks for.</summary>
/// <remarks>
/// <c>Revision</c>: null for the newest; of what only starts or stops, for the one that runs. <c>Reason</c>: in a few words, for
/// whoever reads the list.
/// </remarks>
public sealed record DeploymentRequest(Guid StackId, DeploymentOperation Operation, int? Revision, string Reason)
{
    public PullPolicy PullPolicy { get; init; }

    public bool Force { get; init; }

    public bool RemoveVolumes { get; init; }

    /// <value>It goes back to an earlier revision.</value>
    public bool IsRollback { get; init; }

    /// <value>It begins though its environment's windows are closed: takes <c>deployments.override</c>.</value>
    public bool OverridesWindow { get; init; }

    /// <value>How many containers services are to have from now on; null for no change.</value>
    public IReadOnlyDictionary<string, int>? Scales { get; init; }
}
