namespace Portal.Data.Entities;

/// <summary>A host that has joined. Its row goes when it is removed, and its proof is refused from then on.</summary>
public sealed class Node
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>X.509 SubjectPublicKeyInfo of its P-256 key.</summary>
    public byte[] PublicKey { get; set; } = [];

    /// <summary>The key that it has offered in place of that one; null for none.</summary>
    public byte[]? PendingKey { get; set; }

    /// <summary>Since when it signs in with its key; null for the one that it joined with.</summary>
    public DateTimeOffset? KeySince { get; set; }

    public string Hostname { get; set; } = "";

    /// <summary>The agent's version when it joined.</summary>
    public string AgentVersion { get; set; } = "";

    /// <summary>JSON object of strings.</summary>
    public string Labels { get; set; } = "{}";

    /// <summary>The environment that it is in; null for none.</summary>
    public Guid? EnvironmentId { get; set; }

    /// <summary><c>Active</c>, <c>Drained</c> or <c>Maintenance</c>.</summary>
    public string Duty { get; set; } = "Active";

    /// <summary>Why it is not active.</summary>
    public string DutyNote { get; set; } = "";

    public DateTimeOffset JoinedAt { get; set; }

    /// <summary>Since when no portal hears of it; null while one does, and in its first seconds away.</summary>
    public DateTimeOffset? AwaySince { get; set; }

    /// <summary>Grows when the node's event numbers begin anew, as after a loss of its data.</summary>
    public int EventEpoch { get; set; }

    /// <summary>The number of the last event that is kept, in this epoch.</summary>
    public long LastSequence { get; set; }

    /// <summary>The agent's run in which that was compared with its own numbers last.</summary>
    public Guid? EventRun { get; set; }
}
