namespace Portal.Data.Entities.Nodes;

/// <summary>A portal that shares the database, for the time that it runs.</summary>
public sealed class PortalInstance
{
    /// <summary>New with each start.</summary>
    public Guid Id { get; set; }

    /// <summary>Its host's.</summary>
    public string Name { get; set; } = "";

    /// <summary>Where the other portals reach it.</summary>
    public string Address { get; set; } = "";

    /// <summary>SHA-256 of the certificate that it shows there; null for plain HTTP.</summary>
    public byte[]? Fingerprint { get; set; }

    public string Version { get; set; } = "";

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>By the database's clock.</summary>
    public DateTimeOffset SeenAt { get; set; }
}
