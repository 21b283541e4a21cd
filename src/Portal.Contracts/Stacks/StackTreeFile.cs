namespace Portal.Contracts.Stacks;

/// <summary>A regular file of a <see cref="StackTree"/>.</summary>
/// <param name="Path">Relative, with slashes, without dots; empty for the only file of a tree without a folder.</param>
/// <param name="Mode">Permission bits, 0 to 0777 (octal).</param>
/// <param name="UserId">Its owner's number, from 0.</param>
/// <param name="GroupId">Its group's number, from 0.</param>
/// <param name="Content">All of its bytes.</param>
public sealed record StackTreeFile(string Path, int Mode, int UserId, int GroupId, ReadOnlyMemory<byte> Content)
{
    /// <summary>Without what may be secret.</summary>
    public override string ToString() => $"StackTreeFile {{ {Path} }}";
}
