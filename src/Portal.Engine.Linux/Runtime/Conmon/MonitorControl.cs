using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>
/// Messages to a monitor through its control FIFO: <c>1 ROWS COLUMNS</c> resizes, <c>2 0 0</c> opens the log anew.
/// </summary>
internal static class MonitorControl
{
    // conmon refuses more, and drops what follows a refused message in the same read.
    private const int LargestSize = 1000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Resizes the terminal. Does nothing when the monitor is gone.</summary>
    public static void Resize(ProcessFolder folder, TerminalSize size)
    {
        if (size.Columns <= 0 || size.Rows <= 0)
        {
            throw EngineException.InvalidArgument($"A terminal of {size.Columns} columns and {size.Rows} rows is not possible.");
        }

        FormattableString message = $"1 {Math.Min(size.Rows, LargestSize)} {Math.Min(size.Columns, LargestSize)}\n";
        _ = FifoWriter.TryWrite(folder.Control, FormattableString.Invariant(message));
    }

    /// <summary>
    /// Lets the monitor write to a new file at <paramref name="logPath"/>, and returns when it does. Does nothing
    /// when there is a file already:
    /// then the monitor writes to it (someone asked before and died), and asking again would replace it, lines and all.
    /// </summary>
    public static async Task ReopenLogAsync(ProcessFolder folder, string logPath, CancellationToken cancellationToken)
    {
        if (File.Exists(logPath) || !FifoWriter.TryWrite(folder.Control, "2 0 0\n"))
        {
            return;
        }

        var started = TimeProvider.System.GetTimestamp();
        while (!File.Exists(logPath))
        {
            if (TimeProvider.System.GetElapsedTime(started) > s_patience)
            {
                throw new EngineException(
                    EngineErrorKind.Unavailable, $"Opening the log '{logPath}' anew failed: the container's monitor does not react.");
            }

            await Task.Delay(1, cancellationToken).ConfigureAwait(false);
            if (!FifoWriter.HasReader(folder.Control))
            {
                return;
            }
        }
    }
}
