namespace Portal.Web.Features.Overlays;

/// <summary>A node that answers at a port of a stack.</summary>
/// <param name="Id">The node.</param>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it answers: address and port.</param>
/// <param name="IsOnline">Whether it answers the portal.</param>
/// <param name="Problem">What keeps it from answering at the port, in its own words; empty when it answers.</param>
internal sealed record StackPortNode(Guid Id, string Name, string Address, bool IsOnline, string Problem);
