using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>A stack.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The Compose project's name.</param>
/// <param name="NodeId">Where it runs; null for a stack over several nodes.</param>
/// <param name="Node">That node's name.</param>
/// <param name="Revision">The newest.</param>
/// <param name="GoodRevision">The last that was deployed with success; null for none.</param>
/// <param name="Intent">What a person wants of it.</param>
/// <param name="EnvironmentId">The environment over whose nodes it is spread, <c>node</c> its name; null for a stack on one node.</param>
/// <param name="CreatedAt">Since when it is kept.</param>
internal sealed record StackItem(
    Guid Id, string Name, Guid? NodeId, string Node, int Revision, int? GoodRevision, string Intent, Guid? EnvironmentId,
    DateTimeOffset CreatedAt)
{
    public static StackItem Of(Stack stack) => new(
        stack.Id, stack.Name, stack.AuditNode(), stack.NodeName, stack.Revision, stack.GoodRevision, stack.Intent.ToLowerInvariant(),
        stack.EnvironmentId, stack.CreatedAt);
}
