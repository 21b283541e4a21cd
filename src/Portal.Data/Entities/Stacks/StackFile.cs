namespace Portal.Data.Entities.Stacks;

/// <summary>A file of a revision beside its first Compose file. Never changed.</summary>
public sealed class StackFile
{
    public Guid StackId { get; set; }

    /// <summary>The revision's number.</summary>
    public int Revision { get; set; }

    /// <summary>Relative to the project, with slashes, without dots.</summary>
    public string Path { get; set; } = "";

    /// <summary>SHA-256 of its content: a <see cref="StackContent"/> of the stack.</summary>
    public byte[] Digest { get; set; } = [];

    /// <summary>Whether it is a program or script.</summary>
    public bool IsExecutable { get; set; }
}
