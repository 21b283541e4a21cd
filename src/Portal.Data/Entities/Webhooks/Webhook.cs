namespace Portal.Data.Entities.Webhooks;

/// <summary>An address that a Git host, a registry or a program calls, so that a stack follows what happened there.</summary>
public sealed class Webhook
{
    /// <summary>A part of the address. Random in all its bits: it is no secret, but nobody finds it by trying.</summary>
    public Guid Id { get; set; }

    public Guid StackId { get; set; }

    public string Name { get; set; } = "";

    /// <summary>Who calls: <c>github</c>, <c>gitlab</c>, ...</summary>
    public string Provider { get; set; } = "";

    /// <summary>What must be so that a delivery does something, as JSON.</summary>
    public string Filters { get; set; } = "{}";

    /// <summary>What deliveries are signed with, encrypted for this webhook.</summary>
    public string KeptSecret { get; set; } = "";

    public DateTimeOffset SecretChangedAt { get; set; }

    public bool Enabled { get; set; }

    /// <summary>The person's id. Kept when the person is gone, as the name is.</summary>
    public Guid AuthorId { get; set; }

    public string AuthorName { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }
}
