using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Compression;

/// <summary><c>ZSTD_DStream*</c> (zstd.h), freed once.</summary>
internal sealed class ZstandardContext : SafeHandle
{
    public ZstandardContext()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        ZstandardCalls.FreeStream(handle);
        return true;
    }
}
