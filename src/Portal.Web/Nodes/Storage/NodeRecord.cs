namespace Portal.Web.Nodes.Storage;

/// <summary>A node as the database has it.</summary>
internal sealed record NodeRecord(Guid Id, string Name, byte[] PublicKey);
