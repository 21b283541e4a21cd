using Portal.Compose.Model;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Running;
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
    /// <summary>A pause between two looks.</summary>
    public Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(Options.Look, Time, cancellationToken);
}
