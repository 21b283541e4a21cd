namespace Portal.Data.Entities.Stacks;

/// <summary>What files of a stack contain, once for all of its revisions.</summary>
public sealed class StackContent
{
    public Guid StackId { get; set; }

    /// <summary>SHA-256 of the content.</summary>
    public byte[] Digest { get; set; } = [];

    public byte[] Content { get; set; } = [];
}
