using Microsoft.Extensions.Logging;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Logs.Files;
using Portal.Engine.Logs.Forwarding;
using Portal.Engine.Runtime;

namespace Portal.Engine.Logs.Rotation;

/// <summary>Rotates the logs of running containers by size, and drops the oldest files.</summary>
/// <remarks>
/// <para>
/// The steps are: rename the current file to its number; ask the monitor to open the path anew; drop what is too old. The
/// monitor writes to the renamed file until it opens the new one, so no line is lost between the two.
/// </para>
/// <para>
/// Killed after the first step, the next round (of this or a later engine) finds no current file, and asks the monitor
/// then. It must not ask while there is one: the monitor replaces what it finds.
/// </para>
/// </remarks>
internal sealed partial class LogRotator(
    ContainerRegistry registry,
    IContainerRuntime runtime,
    TimeProvider time,
    ILogger<LogRotator> logger)
{
    private const int ReopenChecks = 100;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_reopenCheck = TimeSpan.FromMilliseconds(10);
    private readonly ILogger<LogRotator> _logger = logger;

    /// <summary>Looks at all logs twice a second until it is stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var container in registry.All.Where(container => container.IsRunning && HasLog(container) && NeedsCare(container)))
            {
                await TryCareAsync(container, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Does for one container what its log needs.</summary>
    public async Task CareAsync(Container container, CancellationToken cancellationToken)
    {
        // The lock keeps a start or an end, where the monitor opens or closes the path, from coming in between.
        using (await container.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!container.IsRunning || !NeedsCare(container))
            {
                return;
            }

            var files = new LogFileSet(container.Folder.Log);
            if (File.Exists(files.CurrentPath))
            {
                File.Move(files.CurrentPath, files.RotatedPath(files.Current()));
            }
            else if (await AppearsAsync(files.CurrentPath, cancellationToken).ConfigureAwait(false))
            {
                // An engine that was killed had asked already.
                return;
            }

            await runtime.ReopenLogAsync(container.Id, cancellationToken).ConfigureAwait(false);
            if (!await AppearsAsync(files.CurrentPath, cancellationToken).ConfigureAwait(false))
            {
                LogNotReopened(container.Id);
                return;
            }

            Drop(files, container.Spec.LogRotation.MaxFiles);
        }
    }

    private static bool HasLog(Container container) => LogDriverOptions.HasFiles(container.Spec.LogDriver);

    private static bool NeedsCare(Container container)
    {
        var limit = container.Spec.LogRotation.MaxBytes;
        var current = new FileInfo(container.Folder.Log);
        return !current.Exists || (limit > 0 && current.Length >= limit);
    }

    private static void Drop(LogFileSet files, int kept)
    {
        var rotated = files.Rotated();
        foreach (var number in rotated.SkipLast(Math.Max(kept - 1, 1)))
        {
            File.Delete(files.RotatedPath(number));
        }

        if (kept == 1)
        {
            // Its name stays, as it says which number the current file has.
            using var newest = File.OpenHandle(files.RotatedPath(rotated[^1]), FileMode.Truncate, FileAccess.Write);
        }
    }

    private static async Task<bool> AppearsAsync(string path, CancellationToken cancellationToken)
    {
        for (var check = 0; check < ReopenChecks; check++)
        {
            if (File.Exists(path))
            {
                return true;
            }

            // Real time: it is another process that is waited for.
            await Task.Delay(s_reopenCheck, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    private async Task TryCareAsync(Container container, CancellationToken cancellationToken)
    {
        try
        {
            await CareAsync(container, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The log grows past its size for now; the next round tries again.
            LogRotationFailed(failure, container.Id);
        }
    }
}
