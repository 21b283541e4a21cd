namespace Portal.Web.Features.FleetLists.Groups;

/// <summary>Rows of a list that stand together: those of a node, or those of a stack, whichever nodes it is on.</summary>
/// <param name="Name">The node's or the stack's name; empty for what belongs to no stack.</param>
/// <param name="NodeId">The node, since names of nodes are not all different; empty for a stack.</param>
public readonly record struct ListGroup(string Name, Guid NodeId) : IComparable<ListGroup>
{
    /// <summary>Compose's label for the stack that something belongs to.</summary>
    public const string StackLabel = "com.docker.compose.project";

    /// <summary>By name; what has none comes last.</summary>
    public int CompareTo(ListGroup other)
    {
        var order = (Name.Length == 0).CompareTo(other.Name.Length == 0);
        order = order != 0 ? order : string.Compare(Name, other.Name, StringComparison.OrdinalIgnoreCase);
        order = order != 0 ? order : string.CompareOrdinal(Name, other.Name);
        return order != 0 ? order : NodeId.CompareTo(other.NodeId);
    }
}
