namespace Portal.Web.Nodes.Portals;

/// <summary>A portal that shares the database.</summary>
/// <param name="Id">New with each start of it.</param>
/// <param name="Name">Its host's.</param>
/// <param name="Address">Where the others reach it.</param>
/// <param name="Fingerprint">SHA-256 of the certificate that it shows there; null for plain HTTP.</param>
internal sealed record PortalPeer(Guid Id, string Name, Uri Address, byte[]? Fingerprint);
