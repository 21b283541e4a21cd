using Microsoft.Extensions.Logging;
using Portal.Engine.Hosting;

namespace Portal.Engine.Storage;

/// <summary>Tells in the log when the disk of the engine's data gets full, and when there is room again.</summary>
internal sealed partial class DiskWatch(EngineOptions options, TimeProvider time, ILogger<DiskWatch> logger)
{
    /// <summary>How often it looks: a loud container fills a disk in seconds, and looking costs one system call.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly ILogger<DiskWatch> _logger = logger;
    private bool _isTold;

    /// <summary>Where the room is read.</summary>
    internal Func<string, DiskRoom?> Read { get; init; } = DiskRoom.Read;

    /// <summary>Watches until it is stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>Looks once.</summary>
    internal void Look()
    {
        if (Read(options.DataRoot) is not { } room)
        {
            return;
        }

        if (room.Warning is { } warning && !_isTold)
        {
            _isTold = true;
            LogScarce(warning);
        }
        else if (!room.IsScarce && _isTold)
        {
            _isTold = false;
            LogRoom(room.Path, room.FreeBytes);
        }
    }

    [LoggerMessage(2611, LogLevel.Warning, "{Warning}")]
    private partial void LogScarce(string warning);

    [LoggerMessage(2612, LogLevel.Information, "The disk of '{Path}' has room again: {FreeBytes} bytes are free")]
    private partial void LogRoom(string path, long freeBytes);
}
