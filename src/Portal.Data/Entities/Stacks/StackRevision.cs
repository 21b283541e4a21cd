namespace Portal.Data.Entities.Stacks;

/// <summary>What a stack said at a time. Never changed.</summary>
public sealed class StackRevision
{
    public Guid StackId { get; set; }

    /// <summary>From 1, without gaps.</summary>
    public int Number { get; set; }

    /// <summary>The person's id. Kept when the person is gone, as the name is.</summary>
    public Guid AuthorId { get; set; }

    public string AuthorName { get; set; } = "";

    /// <summary>
    /// Permissions that reach the host, as the token had them by which it was written; null for a person in a session. A deployment in
    /// the
    /// author's name has no more of them than these, whatever the author may do.
    /// </summary>
    public string[]? AuthorReach { get; set; }

    public string Message { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The first Compose file. What else there is are <see cref="StackFile"/>s.</summary>
    public string File { get; set; } = "";

    /// <summary>Paths of the Compose files, each laid over those before it; <see cref="File"/> is the first.</summary>
    public string[] ComposeFiles { get; set; } = ["compose.yaml"];

    /// <summary>The commit that the files are of; empty for what a person wrote.</summary>
    public string Commit { get; set; } = "";

    /// <summary>The names of the values, with blanks between; for who may not see those.</summary>
    public string ValueNames { get; set; } = "";

    /// <summary>The values, encrypted for this stack; empty without any.</summary>
    public string KeptValues { get; set; } = "";

    /// <summary>
    /// JSON, by the service: the image in place of the one that the files name, as long as they name that one: <c>from</c> and <c>to</c>.
    /// </summary>
    public string Images { get; set; } = "{}";
}
