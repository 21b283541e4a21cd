using System.Security.Claims;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Compose.Planning;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments.Adoption;

/// <summary>
/// Takes over what another tool started: the newest revision of a stack is compared with the containers that have its name in their
/// labels, and those that are what it says count as its own from then on, without being made anew. Other tools hash services in their
/// own ways, so that hashes say nothing; what the containers are does.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class StackAdoption(
    IDbContextFactory<PortalDbContext> contexts,
    DeploymentStore store,
    StackSecrets secrets,
    IAuthorizer authorizer,
    INodeClients clients,
    IAuditLog audit)
{
    /// <returns>
    /// What differs, by the container: those are made anew by the next deployment. Empty when all of it was taken over as it is.
    /// </returns>
    /// <exception cref="AccessDeniedException">The user may not deploy there.</exception>
    /// <exception cref="StackException">There is nothing to take over, or the node can't be asked.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> AdoptAsync(
        ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.SingleOrDefaultAsync(row => row.Id == stackId, cancellationToken)
            ?? throw new StackException(N("There is no such stack any more."));
        if (stack.EnvironmentId is not null)
        {
            throw new StackException(N("A stack over several nodes takes nothing over: what runs on one node has its own."));
        }

        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksDeploy, stack.Scope(), cancellationToken);
        var node = new NodeDocker(clients, stack.NodeId, stack.NodeName, actor, new DeploymentRights([], actor.UserName));
        var found = await store.FindAsync(stack.Id, stack.Revision, cancellationToken)
            ?? throw new StackException(N("The stack has no revision."));
        var adopted = JsonSerializer.Deserialize<Dictionary<string, string>>(stack.Adopted) ?? [];
        var differences = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        try
        {
            var (project, _) = DeploymentProject.Load(found.Stack, found.Revision, found.Files, secrets);
            var situation = await NodeSituation.ReadAsync(node, cancellationToken);
            var own = situation.Of(stack.Name).Where(container => !container.ForPlan().IsOneOff).ToArray();
            if (own.Length == 0)
            {
                throw new StackException(E("Nothing runs of '{0}' on '{1}'.", stack.Name, stack.NodeName));
            }

            foreach (var container in own)
            {
                var service = project.Services.FirstOrDefault(service => service.Name == container.ForPlan().Service);
                IReadOnlyList<string> differs = service is null ? ["its service is not in the files"] : ContainerComparison.Differences(
                    project, service, await node.ReadAsync($"/containers/{container.Id}/json", "", cancellationToken));
                if (differs.Count > 0)
                {
                    differences[container.Name] = differs;
                }
            }

            // A hash stands for a service only when each container that has it is what the service says.
            foreach (var group in own.GroupBy(container => container.ForPlan().ConfigHash))
            {
                var service = project.Services.FirstOrDefault(service => service.Name == group.First().ForPlan().Service);
                if (service is not null && group.Key.Length > 0 && group.All(container => !differences.ContainsKey(container.Name)))
                {
                    adopted[group.Key] = service.Hash;
                }
            }

            var isWhole = differences.Count == 0 && ProjectPlanner
                .Plan(project, situation.Project(stack.Name), new PlanOptions { Adopted = adopted }).Changes
                .All(step => step.Subject != PlanSubject.Container || step.Action is PlanAction.Start);
            stack.Adopted = JsonSerializer.Serialize(adopted);
            stack.GoodRevision = isWhole ? stack.GoodRevision ?? stack.Revision : stack.GoodRevision;
        }
        catch (DeploymentRefusedException wrong)
        {
            throw new StackException(wrong.Message, wrong);
        }
        catch (Exception failure) when (failure is NodeAwayException or NodeRefusalException)
        {
            throw new StackException(failure.Message, failure);
        }

        await database.SaveChangesAsync(cancellationToken);
        var detail = differences.Count == 0 ? "as it is" : $"but for {string.Join(", ", differences.Keys.Order(StringComparer.Ordinal))}";
        await audit.WriteAsync(
            new AuditEntry(actor, "stack.adopt", "stack", $"{stack.Id}", stack.Name, stack.AuditNode(), AuditOutcome.Succeeded, detail),
            CancellationToken.None);
        return differences;
    }
}
