namespace Portal.Web.Features.Stacks.Git;

/// <summary>A file of a tree, or what stands in a file's place.</summary>
/// <param name="Repository">The folder of the repository that has it.</param>
/// <param name="Mode">As git writes it.</param>
/// <param name="Id">The object.</param>
/// <param name="Size">In bytes; 0 for what is no file.</param>
internal sealed record GitEntry(string Repository, string Mode, string Id, long Size)
{
    public bool IsLink => Mode == "120000";

    public bool IsSubmodule => Mode == "160000";

    public bool IsExecutable => Mode == "100755";
}
