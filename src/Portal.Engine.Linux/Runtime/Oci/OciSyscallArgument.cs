namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary>A condition on one argument of a system call; with <c>SCMP_CMP_MASKED_EQ</c> the value is the mask.</summary>
internal sealed record OciSyscallArgument(uint Index, ulong Value, ulong ValueTwo, string Op);
