namespace Portal.Engine.Linux.Runtime.Seccomp;

/// <summary>
/// A profile in Docker's form: one file for all architectures and capability sets, whose rules carry conditions.
/// Users may give their own
/// (<c>--security-opt seccomp=...</c>); <see cref="SeccompTranslator"/> makes the OCI form of it.
/// </summary>
internal sealed record SeccompProfile
{
    public string DefaultAction { get; init; } = "";

    public uint? DefaultErrnoRet { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public IReadOnlyList<SeccompArchitecture>? ArchMap { get; init; }

    public IReadOnlyList<SeccompRule>? Syscalls { get; init; }
}
