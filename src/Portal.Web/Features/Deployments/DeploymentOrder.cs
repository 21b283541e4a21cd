namespace Portal.Web.Features.Deployments;

/// <summary>What is to be done with a stack, why, and in whose name.</summary>
/// <param name="StackId">The stack.</param>
/// <param name="Revision">Which revision; null for the newest.</param>
/// <param name="Cause">What it came from.</param>
/// <param name="CauseText">
/// In words for people, such as "push to main by ann, 3f2c1ab"; at most 512 characters, longer ones are cut.
/// </param>
/// <param name="ActorId">
/// The person in whose name it is done; null where none asked for it. What reaches the host needs that person's permissions, or without
/// one those of the revision's author.
/// </param>
/// <param name="ActorName">The person's name, or what acts instead, such as "webhook".</param>
/// <param name="PullPolicy">Which images are pulled.</param>
/// <param name="Force">Make all containers anew, whether or not something changed.</param>
public sealed record DeploymentOrder(
    Guid StackId,
    int? Revision,
    DeploymentCause Cause,
    string CauseText,
    Guid? ActorId,
    string ActorName,
    PullPolicy PullPolicy = PullPolicy.Missing,
    bool Force = false)
{
    public DeploymentOperation Operation { get; init; } = DeploymentOperation.Deploy;

    /// <value>Of a removal: the volumes too, with all that is in them.</value>
    public bool RemoveVolumes { get; init; }

    /// <value>How many containers of services a person wants from now on; null to leave that as it is.</value>
    public IReadOnlyDictionary<string, int>? Scales { get; init; }

    /// <value>Who set it going where that is not the person in whose name it is done, such as who had the repository fetched.</value>
    public Guid? AskedById { get; init; }

    /// <value>It begins though its environment's windows are closed: who asks has checked <c>deployments.override</c>.</value>
    public bool OverridesWindow { get; init; }

    public bool IsAutomatic => Cause is not (DeploymentCause.Person or DeploymentCause.Rollback);
}
