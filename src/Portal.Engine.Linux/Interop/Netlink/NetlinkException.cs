using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Interop.Netlink;

/// <summary>The kernel refused a netlink request.</summary>
internal sealed class NetlinkException : IOException
{
    public NetlinkException(int errorNumber, string what)
        : base($"{what}: {Marshal.GetPInvokeErrorMessage(errorNumber)} (errno {errorNumber})")
    {
        ErrorNumber = errorNumber;
    }

    /// <summary>errno(3).</summary>
    public int ErrorNumber { get; }
}
