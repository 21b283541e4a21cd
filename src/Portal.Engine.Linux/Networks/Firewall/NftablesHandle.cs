using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>A context of libnftables(3).</summary>
internal sealed class NftablesHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibNftables.Free(handle);
        return true;
    }
}
