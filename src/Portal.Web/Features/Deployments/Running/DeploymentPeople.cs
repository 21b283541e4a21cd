using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Policies.Enforcing;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Deployments.Running;

/// <summary>
/// Finds what a deployment may do: of what reaches the host, what the person who asked for it may do now; where nobody asked, what the
/// revision's author may, and could by the token that wrote it. Going back restores what ran, and may do what both revisions' people may.
/// </summary>
internal sealed class DeploymentPeople(IDbContextFactory<PortalDbContext> contexts, SignatureAgents agents)
{
    public async Task<DeploymentRights> RightsAsync(
        Deployment deployment, Guid nodeId, IReadOnlyList<StackRevision> revisions, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var isBack = deployment.Phase == nameof(DeploymentPhase.RollBack);
        var people = (deployment.ActorId is { } actor && !isBack ? [actor] : revisions.Select(revision => revision.AuthorId))
            .Append(isBack ? deployment.ActorId ?? Guid.Empty : Guid.Empty).Where(id => id != Guid.Empty).Distinct();
        var scope = deployment.Scope();
        var beyond = new HashSet<string>(StringComparer.Ordinal);
        foreach (var person in people)
        {
            var access = await DatabaseAuthorizer.ReadActiveAsync(database, person, cancellationToken);
            var limit = deployment.ActorId is null && !isBack
                ? revisions.FirstOrDefault(revision => revision.AuthorId == person)?.AuthorReach : null;
            beyond.UnionWith(DeploymentRights.HostReach.Where(name => access.Allows(name, scope) && limit?.Contains(name) != false));
        }

        var name = deployment.ActorId is not null ? deployment.ActorName : revisions.FirstOrDefault()?.AuthorName ?? deployment.ActorName;
        return new DeploymentRights(beyond, name)
        {
            Policies = await PolicyBook.ReadAsync(database, agents, nodeId, cancellationToken),
        };
    }
}
