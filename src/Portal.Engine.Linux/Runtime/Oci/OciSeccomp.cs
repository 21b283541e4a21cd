namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary><c>linux.seccomp</c>.</summary>
internal sealed record OciSeccomp(
    string DefaultAction, uint? DefaultErrnoRet, IReadOnlyList<string> Architectures, IReadOnlyList<OciSyscall> Syscalls);
