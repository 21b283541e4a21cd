using System.Collections.Concurrent;
using Portal.Compose.Model;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Deployments.Spreading;
using Portal.Web.Features.Stacks.Files;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>What it takes to make a node have what a project says.</summary>
/// <remarks>
/// <c>Files</c>: the project's own. <c>Brought</c>: see <c>ContainerPlace</c>; empty until they are on the node. <c>Images</c>: the id of each service's image. <c>Adopted</c>: see <c>PlanOptions</c>. <c>Labels</c>: what the containers that are
/// made are marked with. <c>ForceMark</c>: the label that containers have which need not be made anew; null to make none anew without
/// need.
/// </remarks>
internal sealed record ApplyContext(
    Guid StackId,
    NodeDocker Node,
    ComposeProject Project,
    StackFileSet Files,
    IReadOnlyDictionary<string, string> Brought,
    IReadOnlyDictionary<string, string> Images,
    IReadOnlyDictionary<string, string> Adopted,
    IReadOnlyDictionary<string, string> Labels,
    KeyValuePair<string, string>? ForceMark,
    DeploymentPhase Phase,
    DeploymentJournal Journal,
    DeploymentOptions Options,
    TimeProvider Time)
{
    /// <value>The nodes that are to have it.</value>
    public required DeploymentTarget Target { get; init; }

    /// <value>What failed and was let be, as sentences.</value>
    public ConcurrentQueue<string> LetBe { get; init; } = new();

    /// <summary>How containers of a service are replaced now.</summary>
    public ServiceUpdate UpdateOf(ComposeService service) => Phase == DeploymentPhase.RollBack ? service.Rollback : service.Update;

    /// <summary>This for each node that can be reached.</summary>
    public IEnumerable<ApplyContext> Nodes => Target.Reachable.Select(At);

    /// <summary>This for another of the nodes; files are not there yet.</summary>
    public ApplyContext At(TargetNode node) => this with { Node = node.Docker, Images = NodeImages.On(Images, node.Id) };

    /// <summary>How many containers of a service are to be on this context's node.</summary>
    public int WantedOf(ComposeService service) =>
        Target.IsSpread ? Target.Placement.On(Node.NodeId, service.Name).Count : service.Replicas;

    /// <summary>A pause between two looks.</summary>
    public Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(Options.Look, Time, cancellationToken);
}
