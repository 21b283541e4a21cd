namespace Portal.Data.Entities;

/// <summary>A leave to join. What its holder must show is not here, only the hash of it.</summary>
public sealed class NodeJoinToken
{
    public Guid Id { get; set; }

    /// <summary>SHA-256 of the secret.</summary>
    public byte[] SecretHash { get; set; } = [];

    /// <summary>What it is for, in its maker's words.</summary>
    public string Note { get; set; } = "";

    public int UsesLeft { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>JSON object of strings: given to the nodes that join with it.</summary>
    public string Labels { get; set; } = "{}";

    /// <summary>Where the nodes that join with it come to; null for no environment.</summary>
    public Guid? EnvironmentId { get; set; }

    /// <summary>Whether hosts that come with it wait to be accepted.</summary>
    public bool Confirm { get; set; }

    public Guid CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
