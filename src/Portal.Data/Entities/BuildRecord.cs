namespace Portal.Data.Entities;

/// <summary>A build of an image, while it runs and after its end.</summary>
public sealed class BuildRecord
{
    public Guid Id { get; set; }

    /// <summary>The person's id. Kept when the person is gone, as the name is.</summary>
    public Guid OwnerId { get; set; }

    public string OwnerName { get; set; } = "";

    public Guid NodeId { get; set; }

    public string NodeName { get; set; } = "";

    /// <summary>The image's first name, or what stands for it.</summary>
    public string Title { get; set; } = "";

    /// <summary><c>upload</c>, <c>editor</c>, or an address without a login.</summary>
    public string Source { get; set; } = "";

    /// <summary>A stage; empty for the last one.</summary>
    public string Target { get; set; } = "";

    /// <summary><c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public string State { get; set; } = "";

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When the portal that runs it last said so: a running build of long ago was broken off.</summary>
    public DateTimeOffset SeenAt { get; set; }

    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public int Steps { get; set; }

    public int CachedSteps { get; set; }

    /// <summary>Bytes of the image's layers; null without an image.</summary>
    public long? SizeBytes { get; set; }

    /// <summary>Why it failed; empty when it did not.</summary>
    public string Error { get; set; } = "";

    /// <summary>JSON: its steps with their text, bounded, and the image's layers. An empty object while it runs.</summary>
    public string Detail { get; set; } = "{}";
}
