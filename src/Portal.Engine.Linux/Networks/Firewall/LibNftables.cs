using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>The functions of libnftables(3) that are used here.</summary>
internal static partial class LibNftables
{
    private const string Library = "libnftables.so.1";

    [LibraryImport(Library, EntryPoint = "nft_ctx_new")]
    public static partial NftablesHandle New(uint flags);

    [LibraryImport(Library, EntryPoint = "nft_ctx_free")]
    public static partial void Free(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_buffer_output")]
    public static partial int BufferOutput(NftablesHandle context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_buffer_error")]
    public static partial int BufferError(NftablesHandle context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_get_error_buffer")]
    public static partial nint ErrorBuffer(NftablesHandle context);

    [LibraryImport(Library, EntryPoint = "nft_run_cmd_from_buffer", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Run(NftablesHandle context, string commands);
}
