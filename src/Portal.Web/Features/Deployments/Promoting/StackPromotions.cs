using System.Security.Claims;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Compose.Model;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Deployments.Spreading;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Images;
using Portal.Web.Features.Webhooks.Work;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments.Promoting;

/// <summary>
/// Brings the images with which one stack runs to another, by their digests: what was tried in staging is what production gets. Files
/// and values
/// stay the target's own. It is a revision of the target, deployed as any other, so approval and windows hold there.
/// </summary>
/// <remarks>
/// Singleton; any thread. Needs <c>stacks.view</c> on the source's node, and <c>stacks.edit</c> and <c>stacks.deploy</c> on the target's.
/// </remarks>
internal sealed class StackPromotions(
    IDbContextFactory<PortalDbContext> contexts,
    DeploymentStore store,
    DeploymentCommands commands,
    ImageRevisions revisions,
    StackSecrets secrets,
    IAuthorizer authorizer,
    INodeClients clients,
    IAuditLog audit)
{
    /// <summary>What it would do now.</summary>
    /// <exception cref="AccessDeniedException">The user may not change or deploy the target.</exception>
    /// <exception cref="StackException">One of them is not there, does not run, or its node can't be asked.</exception>
    public async Task<PromotionPlan> PlanAsync(ClaimsPrincipal user, Guid sourceId, Guid targetId, CancellationToken cancellationToken) =>
        (await ReadAsync(user, sourceId, targetId, cancellationToken)).Plan;

    /// <summary>Writes the revision and queues its deployment.</summary>
    /// <param name="user">Who promotes.</param>
    /// <param name="sourceId">The stack whose images are promoted.</param>
    /// <param name="targetId">The stack that gets them.</param>
    /// <param name="seen">The deployment that the user has seen in the plan; null for the one that runs now, whichever that is.</param>
    /// <param name="reason">In a few words, for whoever reads the list.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The deployment.</returns>
    /// <exception cref="AccessDeniedException">The user may not change or deploy the target.</exception>
    /// <exception cref="StackException">It can't be done, or the source runs something else than the user has seen.</exception>
    public async Task<Guid> PromoteAsync(
        ClaimsPrincipal user, Guid sourceId, Guid targetId, Guid? seen, string reason, CancellationToken cancellationToken)
    {
        var (plan, source, target, overrides) = await ReadAsync(user, sourceId, targetId, cancellationToken);
        if (seen is not null && seen != plan.DeploymentId)
        {
            throw new StackException(E("'{0}' was deployed anew since you looked. Look again at what would be promoted.", source.Name));
        }

        if (plan.Problems.Count > 0)
        {
            throw new StackException(string.Join(' ', plan.Problems));
        }

        if (plan.Images.All(image => image.IsSame))
        {
            throw new StackException(E("'{0}' on '{1}' runs these images already.", target.Name, target.NodeName));
        }

        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksEdit, target.Scope(), cancellationToken);
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        var reach = user.TokenIdOf() is null ? null
            : DeploymentRights.HostReach.Where(name => access.Allows(name, target.Scope())).ToArray();
        var from = $"images of '{source.Name}' on '{source.NodeName}', revision {plan.SourceRevision}";
        var number = await revisions.AddAsync(
            targetId, plan.Basis, overrides, (actor.UserId, actor.UserName), reach, $"Promoted: {from}", cancellationToken);
        var entry = new AuditEntry(
            actor, "stack.promote", "stack", $"{targetId}", target.Name, target.AuditNode(), AuditOutcome.Succeeded,
            $"revision {number}, {from}: {string.Join(", ", plan.Images.Select(image => $"{image.Service} {image.After}"))}");
        await audit.WriteAsync(entry, CancellationToken.None);
        var why = reason.Trim() is { Length: > 0 } said ? $"{said} ({from})" : from;
        return await commands.OrderAsync(
            user, new DeploymentRequest(targetId, DeploymentOperation.Deploy, number, why), CancellationToken.None);
    }

    private async Task<(PromotionPlan Plan, Stack Source, Stack Target, IReadOnlyDictionary<string, ImageOverride> Overrides)> ReadAsync(
        ClaimsPrincipal user, Guid sourceId, Guid targetId, CancellationToken cancellationToken)
    {
        var (source, target) = (
            await FindAsync(user, sourceId, cancellationToken), await FindAsync(user, targetId, cancellationToken));
        await authorizer.EnsureAsync(user, PermissionNames.StacksEdit, target.Scope(), cancellationToken);
        await authorizer.EnsureAsync(user, PermissionNames.StacksDeploy, target.Scope(), cancellationToken);
        if (sourceId == targetId)
        {
            throw new StackException(N("A stack is promoted to another one."));
        }

        var good = source.GoodRevision
            ?? throw new StackException(E("'{0}' on '{1}' has not been deployed with success yet.", source.Name, source.NodeName));
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var deployment = await database.Deployments
            .Where(row => row.StackId == sourceId && row.Revision == good && row.State == "Succeeded" && row.Operation == "Deploy")
            .OrderByDescending(row => row.CreatedAt).Select(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        var files = await LoadAsync(target, target.Revision, withOverrides: false, cancellationToken);
        var tried = await LoadAsync(source, good, withOverrides: true, cancellationToken);
        var after = await DigestsAsync(user, source, good, tried, cancellationToken);
        IReadOnlyDictionary<string, string> before = new Dictionary<string, string>();
        if (target.GoodRevision is { } runs)
        {
            var running = await LoadAsync(target, runs, withOverrides: true, cancellationToken);
            before = await DigestsAsync(user, target, runs, running, cancellationToken);
        }

        var (images, problems) = (new List<PromotedImage>(), new List<string>());
        var newest = await database.StackRevisions.AsNoTracking()
            .SingleAsync(row => row.StackId == targetId && row.Number == target.Revision, cancellationToken);
        var overrides = ImageOverride.Of(newest).ToDictionary(StringComparer.Ordinal);
        foreach (var service in files.Services.Where(service => after.ContainsKey(service.Name)))
        {
            var image = after[service.Name];
            images.Add(new PromotedImage(service.Name, before.GetValueOrDefault(service.Name, ""), image));
            overrides[service.Name] = new ImageOverride(service.Image, image);
            if (!image.Contains('@', StringComparison.Ordinal))
            {
                problems.Add(E(
                    "The image of '{0}' came to '{1}' from no registry: nobody else can get it.", service.Name, source.NodeName));
            }
        }

        var (here, there) = (files.Services.Select(service => service.Name).ToList(), after.Keys.ToList());
        if (images.Count == 0)
        {
            problems.Add(N("The two stacks have no service of the same name."));
        }

        var plan = new PromotionPlan(
            deployment, good, target.Revision, images, [.. there.Except(here).Order(StringComparer.Ordinal)],
            [.. here.Except(there).Order(StringComparer.Ordinal)], problems);
        return (plan, source, target, overrides);
    }

    private async Task<ComposeProject> LoadAsync(Stack stack, int number, bool withOverrides, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(stack.Id, number, cancellationToken)
            ?? throw new StackException(E("The stack '{0}' has no revision {1}.", stack.Name, number));
        found.Revision.Images = withOverrides ? found.Revision.Images : "{}";
        try
        {
            return DeploymentProject.Load(found.Stack, found.Revision, found.Files, secrets).Project;
        }
        catch (DeploymentRefusedException failure)
        {
            throw new StackException(E("'{0}' on '{1}': {2:said}", stack.Name, stack.NodeName, failure.Message), failure);
        }
    }

    // The images of the last deployment, as their registries name them.
    private async Task<IReadOnlyDictionary<string, string>> DigestsAsync(
        ClaimsPrincipal user, Stack stack, int revision, ComposeProject project, CancellationToken cancellationToken)
    {
        var rights = new DeploymentRights([], user.ToActor().UserName);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (service, at, id) in NodeImages.Each(await store.ImagesOfAsync(stack.Id, revision, cancellationToken)))
        {
            // Of a stack over several nodes all have the same.
            var node = new NodeDocker(clients, at ?? stack.NodeId, stack.NodeName, user.ToActor(), rights);
            var named = project.Services.FirstOrDefault(one => one.Name == service)?.Image ?? "";
            found[service] = await DigestAsync(node, id, named, cancellationToken);
        }

        return found;
    }

    private static async Task<string> DigestAsync(NodeDocker node, string id, string named, CancellationToken cancellationToken)
    {
        try
        {
            var image = await node.ReadAsync($"/images/{id}/json", "", cancellationToken);
            var digests = image.TryGetProperty("RepoDigests", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Select(digest => digest.GetString() ?? "").Where(digest => digest.Contains('@')).ToList() : [];
            return digests.FirstOrDefault(digest => IsOf(digest, named)) ?? digests.FirstOrDefault() ?? id;
        }
        catch (NodeRefusalException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            return id;
        }
        catch (Exception failure) when (failure is NodeAwayException or NodeRefusalException)
        {
            throw new StackException(failure.Message, failure);
        }
    }

    private static bool IsOf(string digest, string named)
    {
        var (one, other) = (StackImage.Parse(digest), StackImage.Parse(named));
        return one.Registry == other.Registry && one.Repository == other.Repository;
    }

    private async Task<Stack> FindAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return stack is not null
            && await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, stack.Scope(), cancellationToken)
            ? stack : throw new StackException(N("There is no such stack any more."));
    }
}
