using Portal.Web.Features.Stacks.Files;

namespace Portal.Web.Features.Stacks;

/// <summary>What somebody wants a stack to say, and why.</summary>
/// <remarks>
/// A new one has no id. The basis is the number of the revision that it was made from; 0 for a new stack. Of the values a line
/// <c>NAME=value</c> sets one, and <c>NAME</c> takes one away; others stay.
/// </remarks>
public sealed record StackDraft(Guid? Id, Guid NodeId, string Name, int Basis, StackFileSet Files, string Values, string Message)
{
    /// <summary>Of one file.</summary>
    public StackDraft(Guid? id, Guid nodeId, string name, int basis, string file, string values, string message)
        : this(id, nodeId, name, basis, StackFileSet.Of(file), values, message)
    {
    }

    /// <value>Of a new stack: the environment over whose nodes it is spread, in place of a node.</value>
    public Guid? EnvironmentId { get; init; }

    /// <summary>Without what may be secret.</summary>
    public override string ToString() => $"a draft of the stack {Name}";
}
