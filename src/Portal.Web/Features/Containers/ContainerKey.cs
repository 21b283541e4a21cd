namespace Portal.Web.Features.Containers;

/// <summary>A container somewhere in the fleet.</summary>
/// <param name="NodeId">Its node.</param>
/// <param name="Id">Its full id.</param>
/// <param name="Name">Its name, for messages and the audit log.</param>
public sealed record ContainerKey(Guid NodeId, string Id, string Name);
