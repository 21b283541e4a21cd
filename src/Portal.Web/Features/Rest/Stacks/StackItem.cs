using Portal.Data.Entities.Stacks;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>A stack.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The Compose project's name.</param>
/// <param name="NodeId">Where it runs.</param>
/// <param name="Node">That node's name.</param>
/// <param name="Revision">The newest.</param>
/// <param name="GoodRevision">The last that was deployed with success; null for none.</param>
/// <param name="Intent">What a person wants of it.</param>
/// <param name="CreatedAt">Since when it is kept.</param>
internal sealed record StackItem(
    Guid Id, string Name, Guid NodeId, string Node, int Revision, int? GoodRevision, string Intent, DateTimeOffset CreatedAt)
{
    public static StackItem Of(Stack stack) => new(
        stack.Id, stack.Name, stack.NodeId, stack.NodeName, stack.Revision, stack.GoodRevision, stack.Intent.ToLowerInvariant(),
        stack.CreatedAt);
}
