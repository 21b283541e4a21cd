using Microsoft.Win32.SafeHandles;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Storage;

namespace Portal.Engine.Linux.Storage;

/// <summary>Atomic writes with rename(2) and fsync(2). Holds no state; one serves the whole process.</summary>
internal sealed class LinuxDurableFiles : IDurableFiles
{
    // ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL do not exist on Unix: .NET puts the raw errno into HResult.
    private const int NoSpaceHResult = Errno.NoSpace;

    public void WriteAtomically(string path, ReadOnlySpan<byte> content, bool durable = true)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}.tmp");
        try
        {
            WriteNew(temporary, content, durable);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception)
        {
            File.Delete(temporary);
            if (IsDiskFull(exception))
            {
                throw DiskFull(path, exception);
            }

            throw;
        }

        if (durable)
        {
            FlushFolder(folder);
        }
    }

    public void Publish(string temporaryPath, string path)
    {
        using (var handle = File.OpenHandle(temporaryPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            RandomAccess.FlushToDisk(handle);
        }

        File.Move(temporaryPath, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    public void BeginFlush(SafeFileHandle file, long offset, long length) => FileCalls.BeginFlush(file, offset, length);

    public void FlushFolder(string path)
    {
        using var handle = FileCalls.OpenFolder(path);
        FileCalls.Flush(handle, path);
    }

    private static void WriteNew(string path, ReadOnlySpan<byte> content, bool durable)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var file = new FileStream(path, options);
        file.Write(content);
        if (durable)
        {
            file.Flush(flushToDisk: true);
        }
    }

    private static bool IsDiskFull(Exception exception)
    {
        return exception is FileCallException { IsDiskFull: true }
            or IOException { HResult: NoSpaceHResult or Errno.QuotaExceeded };
    }

    private static EngineException DiskFull(string path, Exception cause)
    {
        return new EngineException(
            EngineErrorKind.Unavailable,
            $"Writing '{path}' failed because the disk is full. Free some space and try again.",
            cause);
    }
}
