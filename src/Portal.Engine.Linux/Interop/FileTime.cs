using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Interop;

/// <summary><c>struct timespec</c> on 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FileTime
{
    public long Seconds;
    public long Nanoseconds;
}
