using Portal.Engine.Linux.Runtime.Oci;

namespace Portal.Engine.Linux.Runtime.Seccomp;

/// <summary>A rule of a profile.</summary>
internal sealed record SeccompRule
{
    public string? Comment { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    public string Action { get; init; } = "";

    public uint? ErrnoRet { get; init; }

    public IReadOnlyList<OciSyscallArgument>? Args { get; init; }

    public SeccompCondition? Includes { get; init; }

    public SeccompCondition? Excludes { get; init; }
}
