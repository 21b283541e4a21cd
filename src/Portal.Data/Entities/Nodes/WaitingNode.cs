namespace Portal.Data.Entities.Nodes;

/// <summary>A host that came with a join token whose maker wanted to be asked. It can't link until it is accepted.</summary>
public sealed class WaitingNode
{
    /// <summary>The id that the node will have.</summary>
    public Guid Id { get; set; }

    public string Hostname { get; set; } = "";

    /// <summary>X.509 SubjectPublicKeyInfo of its P-256 key.</summary>
    public byte[] PublicKey { get; set; } = [];

    public string AgentVersion { get; set; } = "";

    /// <summary>JSON object: what the host says of itself.</summary>
    public string Host { get; set; } = "{}";

    /// <summary>Where it came from.</summary>
    public string Address { get; set; } = "";

    /// <summary>What the token was for.</summary>
    public string Note { get; set; } = "";

    /// <summary>JSON object of strings.</summary>
    public string Labels { get; set; } = "{}";

    public Guid? EnvironmentId { get; set; }

    public DateTimeOffset AskedAt { get; set; }
}
