using System.Security.Claims;
using System.Text.Json;
using Portal.Compose.Model;
using Portal.Compose.Planning;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Policies.Enforcing;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments.Previewing;

/// <summary>Compares revisions with what runs, on the node itself and now.</summary>
/// <remarks>Singleton; any thread. Needs <c>stacks.view</c> on the stack's node.</remarks>
internal sealed class DeploymentPreviews(
    DeploymentStore store, StackSecrets secrets, IAuthorizer authorizer, PolicyBook policies, INodeClients clients, IFleet fleet,
    SpreadPreviews spreads)
{
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    /// <summary>What deploying a revision would do.</summary>
    /// <exception cref="AccessDeniedException">The user may not see the stack.</exception>
    /// <exception cref="StackException">The node can't be asked, or there is no such revision.</exception>
    public Task<DeploymentPreview> PlanAsync(
        ClaimsPrincipal user, Stack stack, int revision, bool force, CancellationToken cancellationToken) =>
        PlanAsync(user, stack, revision, force, s_none, cancellationToken);

    /// <summary>The same, with images that are fixed already; on one node alone.</summary>
    public Task<DeploymentPreview> PlanAsync(
        ClaimsPrincipal user, Stack stack, int revision, bool force, IReadOnlyDictionary<string, string> pins,
        CancellationToken cancellationToken) =>
        ReadAsync(user, stack, revision, isDrift: false, force, pins, cancellationToken);

    /// <summary>How what runs differs from the revision that was last deployed with success; null when none was.</summary>
    /// <exception cref="AccessDeniedException">The user may not see the stack.</exception>
    /// <exception cref="StackException">The node can't be asked.</exception>
    public async Task<DeploymentPreview?> DriftAsync(ClaimsPrincipal user, Stack stack, CancellationToken cancellationToken) =>
        stack.GoodRevision is { } good ? await ReadAsync(user, stack, good, isDrift: true, force: false, s_none, cancellationToken) : null;

    private async Task<DeploymentPreview> ReadAsync(
        ClaimsPrincipal user, Stack stack, int number, bool isDrift, bool force, IReadOnlyDictionary<string, string> pins,
        CancellationToken cancellationToken)
    {
        var scope = stack.Scope();
        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksView, scope, cancellationToken);
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        var reach = DeploymentRights.HostReach.Where(name => access.Allows(name, scope)).ToArray();
        var found = await store.FindAsync(stack.Id, number, cancellationToken)
            ?? throw new StackException(E("The stack '{0}' has no revision {1}.", stack.Name, number));
        try
        {
            var (project, values) = DeploymentProject.Load(found.Stack, found.Revision, found.Files, secrets);
            if (found.Stack.EnvironmentId is not null)
            {
                var kept = isDrift ? await store.ImagesOfAsync(stack.Id, number, cancellationToken) : null;
                var spread = await spreads.ReadAsync(actor, reach, found.Stack, project, found.Files, kept, force, cancellationToken);
                return new DeploymentPreview(
                    number, Shown(spread.Plan, values),
                    isDrift ? [] : [.. spread.Problems.Select(problem => SecretText.Hide(problem, values))], spread.Pulls);
            }

            var rights = new DeploymentRights(reach, actor.UserName)
            {
                Policies = await policies.ReadAsync(stack.NodeId, cancellationToken),
            };
            var node = new NodeDocker(clients, stack.NodeId, stack.NodeName, actor, rights);
            var situation = await NodeSituation.ReadAsync(node, cancellationToken);
            var (images, pulls) = await ImagesAsync(node, project, cancellationToken);
            pulls = await PinAsync(node, images, pulls, project, pins, cancellationToken);
            var options = new PlanOptions
            {
                Images = isDrift ? await store.ImagesOfAsync(stack.Id, number, cancellationToken) : images,
                Adopted = JsonSerializer.Deserialize<Dictionary<string, string>>(found.Stack.Adopted) ?? [],
                Force = force,
            };
            var plan = ProjectPlanner.Plan(project, situation.Project(stack.Name), options);
            var problems = isDrift ? []
                : DeploymentChecks.Find(project, found.Files, situation, fleet.Current.Nodes.GetValueOrDefault(stack.NodeId), rights);
            return new DeploymentPreview(
                number,
                Shown(isDrift ? await WithoutDoneAsync(node, project, plan, cancellationToken) : plan, values),
                [.. problems.Select(problem => SecretText.Hide(problem, values))],
                pulls);
        }
        catch (DeploymentRefusedException wrong)
        {
            return new DeploymentPreview(number, null, [wrong.Message], []);
        }
        catch (Exception failure) when (failure is NodeAwayException or NodeRefusalException)
        {
            throw new StackException(failure.Message, failure);
        }
    }

    internal static async Task<(Dictionary<string, string> Images, IReadOnlyList<string> Pulls)> ImagesAsync(
        NodeDocker node, ComposeProject project, CancellationToken cancellationToken)
    {
        var images = new Dictionary<string, string>(StringComparer.Ordinal);
        var pulls = new List<string>();
        foreach (var group in project.Services.GroupBy(service => service.Image))
        {
            if (await ImageFetcher.FindIdAsync(node, group.Key, cancellationToken) is not { } id)
            {
                pulls.Add(group.Key);
                continue;
            }

            foreach (var service in group)
            {
                images[service.Name] = id;
            }
        }

        return (images, pulls);
    }

    // An image that is not there yet is another than whatever runs.
    private static async Task<IReadOnlyList<string>> PinAsync(
        NodeDocker node, Dictionary<string, string> images, IReadOnlyList<string> pulls, ComposeProject project,
        IReadOnlyDictionary<string, string> pins, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var service in project.Services.Where(service => pins.ContainsKey(service.Name)))
        {
            var pin = pins[service.Name];
            var id = await ImageFetcher.FindIdAsync(node, pin, cancellationToken);
            images[service.Name] = id ?? pin;
            missing.AddRange(id is null ? [pin] : []);
        }

        var pinned = project.Services.Where(service => pins.ContainsKey(service.Name)).Select(service => service.Image);
        return [.. pulls.Except(pinned), .. missing.Distinct()];
    }

    // What others waited for to end well has ended: that is how it should be.
    private static async Task<ProjectPlan> WithoutDoneAsync(
        NodeDocker node, ComposeProject project, ProjectPlan plan, CancellationToken cancellationToken)
    {
        var jobs = project.Services.SelectMany(service => service.DependsOn)
            .Where(on => on.Condition == DependencyCondition.CompletedSuccessfully).Select(on => on.Service)
            .ToHashSet(StringComparer.Ordinal);
        var steps = new List<PlanStep>();
        foreach (var step in plan.Steps)
        {
            var isDone = step.Action == PlanAction.Start && jobs.Contains(step.Service)
                && (await ContainerLook.AtAsync(node, step.ContainerId, cancellationToken)).IsDone;
            steps.Add(isDone ? step with { Action = PlanAction.Keep, Reason = "" } : step);
        }

        return new ProjectPlan(steps);
    }

    private static ProjectPlan Shown(ProjectPlan plan, IReadOnlyCollection<string> values) => new(
    [
        .. plan.Steps.Select(step => step with
        {
            Name = SecretText.Hide(step.Name, values), Reason = SecretText.Hide(step.Reason, values),
        }),
    ]);
}
