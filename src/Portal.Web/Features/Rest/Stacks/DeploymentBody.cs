using Portal.Web.Features.Deployments;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>What is to be done with a stack.</summary>
/// <param name="Operation">deploy, start, stop, restart or remove.</param>
/// <param name="Revision">Of a deployment: which; null for the newest.</param>
/// <param name="Reason">In a few words, for whoever reads the list.</param>
/// <param name="PullPolicy">missing or always.</param>
/// <param name="Force">Make all containers anew.</param>
/// <param name="RemoveVolumes">Of a removal: the volumes too, with all that is in them.</param>
/// <param name="Scales">How many containers services are to have from now on.</param>
/// <param name="OverrideWindow">Begin though the environment's windows are closed: takes deployments.override.</param>
internal sealed record DeploymentBody(
    DeploymentOperation Operation = DeploymentOperation.Deploy,
    int? Revision = null,
    string Reason = "",
    PullPolicy PullPolicy = PullPolicy.Missing,
    bool Force = false,
    bool RemoveVolumes = false,
    IReadOnlyDictionary<string, int>? Scales = null,
    bool OverrideWindow = false)
{
    public DeploymentRequest ToRequest(Guid stackId) => new(stackId, Operation, Revision, Reason)
    {
        PullPolicy = PullPolicy,
        Force = Force,
        RemoveVolumes = RemoveVolumes,
        Scales = Scales,
        OverridesWindow = OverrideWindow,
    };
}
