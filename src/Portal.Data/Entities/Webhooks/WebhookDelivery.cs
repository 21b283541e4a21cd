namespace Portal.Data.Entities.Webhooks;

/// <summary>A call of a webhook whose sender proved itself, and what became of it.</summary>
public sealed class WebhookDelivery
{
    public Guid Id { get; set; }

    public Guid WebhookId { get; set; }

    /// <summary>How the sender names the delivery; null for senders that don't, and for one that a person sent again.</summary>
    public string? SenderKey { get; set; }

    /// <summary>
    /// SHA-256 of what the signature covers, so that a copy under another name is known; null where nothing is signed, and for one that a
    /// person sent again.
    /// </summary>
    public byte[]? Digest { get; set; }

    /// <summary>The delivery that this one repeats, and who asked for that; null for one that came from outside.</summary>
    public Guid? RepeatsId { get; set; }

    public string RepeatedBy { get; set; } = "";

    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>Where it came from.</summary>
    public string Address { get; set; } = "";

    /// <summary>What the sender calls the event: <c>push</c>, <c>Tag Push Hook</c>, ...</summary>
    public string Event { get; set; } = "";

    /// <summary>The request's headers as JSON, without what is secret in them.</summary>
    public string Headers { get; set; } = "{}";

    /// <summary>The body; null when it was forgotten.</summary>
    public byte[]? Body { get; set; }

    /// <summary>How often the same came again and was passed over.</summary>
    public int Copies { get; set; }

    public string State { get; set; } = "";

    /// <summary>What was done or why nothing was, for people.</summary>
    public string Detail { get; set; } = "";

    public Guid? DeploymentId { get; set; }

    public int Attempts { get; set; }

    /// <summary>When it is to be worked on, or when whoever works on it has died; null when it is finished.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Who works on it.</summary>
    public Guid? Claim { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}
