using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Interop;

/// <summary>A system call on a file failed. Callers turn it into an engine error that says what the user tried.</summary>
internal sealed class FileCallException : IOException
{
    public FileCallException(int errorNumber, string what, string path)
        : base($"{what} '{path}': {Marshal.GetPInvokeErrorMessage(errorNumber)} (errno {errorNumber})")
    {
        ErrorNumber = errorNumber;

        // Where .NET has it for its own calls: whoever asks what failed need not know whose call it was.
        HResult = errorNumber;
    }

    /// <summary>errno(3).</summary>
    public int ErrorNumber { get; }

    /// <summary>True when the disk, or the owner's share of it, is full.</summary>
    public bool IsDiskFull => ErrorNumber is Errno.NoSpace or Errno.QuotaExceeded;
}
