namespace Portal.Web.Features.Stacks;

/// <summary>A stack as the list shows it: one that the portal has, one whose containers were found, or both.</summary>
/// <remarks><c>Newer</c>: of how many containers the registry has a newer image. One that was found by its labels alone has no id, and the revision 0.</remarks>
public sealed record StackLine(
    Guid? Id, string Name, Guid NodeId, string NodeName, int Revision, IReadOnlyList<string> Services,
    int Containers, int Running, int Newer)
{
    /// <value>It is over the nodes of an environment: <c>NodeId</c> and <c>NodeName</c> are that one's.</value>
    public bool IsSpread { get; init; }
}
