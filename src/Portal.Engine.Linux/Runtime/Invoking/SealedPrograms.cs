using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Runtime.Invoking;

/// <summary>
/// crun in memory. A runtime must not be run from its own file, which a container could write to (CVE-2019-5736), so crun begins each time by
/// copying itself into a sealed memfd and running that. Started from one it sees that there is nothing to do: half of the time that an
/// invocation takes besides its work. (For runc, which copies itself in another way, it makes no difference.)
/// </summary>
/// <remarks>One for the whole process, whose descriptors the copies are: they are there as long as it is. Any thread.</remarks>
internal sealed partial class SealedPrograms(ILogger<SealedPrograms> logger) : IDisposable
{
    // Its rules go by the label of a program's file, which a copy has not.
    private const string SecurityLabels = "/sys/fs/selinux/enforce";

    private readonly ConcurrentDictionary<string, Copy> _copies = new();
    private readonly ConcurrentBag<SafeFileHandle> _handles = [];

    /// <summary>What to run in place of a program: a path that is good while this process lives, or the program's own.</summary>
    public string PathOf(string program)
    {
        if (!OciRuntime.IsCrunProgram(program))
        {
            return program;
        }

        var file = new FileInfo(program);
        var copy = _copies.GetValueOrDefault(program);
        if (copy is null || (copy.Changed, copy.Length) != (file.LastWriteTimeUtc, file.Length))
        {
            // An upgrade of its package has brought another one. The last copy stays: a monitor may be about to run it.
            copy = Make(program, file);
            _copies[program] = copy;
        }

        return copy.Path;
    }

    public void Dispose()
    {
        foreach (var handle in _handles)
        {
            handle.Dispose();
        }
    }

    private Copy Make(string program, FileInfo file)
    {
        var (changed, length) = (file.LastWriteTimeUtc, file.Length);
        if (File.Exists(SecurityLabels))
        {
            return new Copy(program, changed, length);
        }

        try
        {
            var handle = SealedFile.CopyOf(program, OciRuntime.CrunName);
            _handles.Add(handle);
            var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{handle.DangerousGetHandle()}");
            return new Copy(path, changed, length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNoCopy(exception, program);
            return new Copy(program, changed, length);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "'{Program}' can't be kept in memory, so it copies itself each time it is run")]
    private partial void LogNoCopy(Exception exception, string program);

    private sealed record Copy(string Path, DateTime Changed, long Length);
}
