namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary>An entry of <c>linux.seccomp.syscalls</c>.</summary>
internal sealed record OciSyscall(
    IReadOnlyList<string> Names, string Action, uint? ErrnoRet, IReadOnlyList<OciSyscallArgument>? Args);
