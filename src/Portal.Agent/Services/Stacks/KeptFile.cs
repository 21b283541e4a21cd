namespace Portal.Agent.Services.Stacks;

/// <summary>A file of a tree that is in memory, as it is kept to be made of again after a restart of the host.</summary>
internal sealed record KeptFile(string Path, int Mode, int UserId, int GroupId, byte[] Content)
{
    /// <summary>Without what may be secret.</summary>
    public override string ToString() => $"KeptFile {{ {Path} }}";
}
