using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Files;

namespace Portal.Web.Features.Webhooks.Work;

/// <summary>Finds out which images a stack uses.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class StackImages(IDbContextFactory<PortalDbContext> contexts, StackSecrets secrets)
{
    /// <summary>Those of the newest revision, each once.</summary>
    /// <exception cref="HookException">The stack's files are wrong or its values can't be read.</exception>
    public async Task<IReadOnlyList<StackImage>> ReadAsync(Stack stack, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var revision = await database.StackRevisions.AsNoTracking()
            .SingleAsync(row => row.StackId == stack.Id && row.Number == stack.Revision, cancellationToken);
        var files = await StackFileStore.ReadAsync(database, revision, cancellationToken);
        try
        {
            var (project, _) = DeploymentProject.Load(stack, revision, files, secrets);
            return [.. project.Services.Select(service => service.Image).Where(image => image.Length > 0)
                .Select(StackImage.Parse).Distinct()];
        }
        catch (DeploymentRefusedException failure)
        {
            throw new HookException(failure.Message, failure);
        }
    }
}
