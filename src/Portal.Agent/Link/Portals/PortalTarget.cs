namespace Portal.Agent.Link.Portals;

/// <summary>The portal that a link is for.</summary>
/// <param name="Id">Its id; null for one that knows no others, which is whatever answers.</param>
/// <param name="IsWanted">False once the others have told that it is not there any more.</param>
/// <param name="Failed">Called when an attempt failed: maybe another portal is there.</param>
internal sealed record PortalTarget(Guid? Id, Func<bool> IsWanted, Action Failed);
