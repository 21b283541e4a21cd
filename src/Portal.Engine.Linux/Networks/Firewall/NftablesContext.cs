using System.Runtime.InteropServices;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop.Threads;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>
/// Runs nft(8) commands in process. Opened on first use, so that a missing library is an error of the first network call. Not
/// thread-safe.
/// </summary>
/// <param name="create">Makes a context of the library.</param>
internal sealed class NftablesContext(Func<NftablesHandle> create) : IDisposable
{
    // A storm of signals that goes on for longer than so many transactions is worth an error.
    private const int MaxAttempts = 100;

    private NftablesHandle? _handle;

    public NftablesContext()
        : this(() => LibNftables.New(0))
    {
    }

    /// <summary>Runs commands as one transaction: all or nothing.</summary>
    /// <param name="commands">Of nft(8)'s language. Made of numbers and checked names only.</param>
    /// <param name="error">What nftables says when it fails.</param>
    public bool TryRun(string commands, out string error)
    {
        _handle ??= Open();
        for (var attempt = 1; ; attempt++)
        {
            bool succeeded;
            using (KernelWait.Begin())
            {
                succeeded = LibNftables.Run(_handle, commands) == 0;
            }

            error = Marshal.PtrToStringUTF8(LibNftables.ErrorBuffer(_handle)) ?? "";
            if (succeeded || attempt == MaxAttempts || !WasInterrupted(error))
            {
                return succeeded;
            }
        }
    }

    public void Dispose() => _handle?.Dispose();

    // The kernel undoes a transaction whose thread a signal reaches (EINTR of nfnetlink): mostly SIGCHLD of a program that ended.
    // The library passes the error on as text alone.
    private static bool WasInterrupted(string error) => error.Contains("Interrupted system call", StringComparison.Ordinal);

    private NftablesHandle Open()
    {
        NftablesHandle handle;
        try
        {
            handle = create();
        }
        catch (DllNotFoundException exception)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                "Container networks need the library libnftables.so.1, which is not installed. Install the package libnftables1 "
                + "(Debian, Ubuntu: apt-get install libnftables1; Fedora: nftables-libs) and restart the engine.",
                exception);
        }

        if (handle.IsInvalid || LibNftables.BufferOutput(handle) != 0 || LibNftables.BufferError(handle) != 0)
        {
            handle.Dispose();
            throw new EngineException(EngineErrorKind.Unavailable, "Starting libnftables failed: out of memory or of descriptors.");
        }

        return handle;
    }
}
