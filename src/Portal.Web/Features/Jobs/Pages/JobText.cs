using Portal.Contracts.Volumes.V1;
using Portal.Data.Entities.Jobs;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Jobs.Pages;

/// <summary>Jobs and their runs in words.</summary>
internal static class JobText
{
    public static StatusTone ToneOf(string state) => state switch
    {
        JobRunState.Succeeded => StatusTone.Good,
        JobRunState.Failed or JobRunState.Refused => StatusTone.Bad,
        JobRunState.Skipped => StatusTone.Warning,
        _ => StatusTone.Busy,
    };

    public static string StateOf(string state) => state switch
    {
        JobRunState.Queued => T("queued"),
        JobRunState.Running => T("running##job"),
        JobRunState.Succeeded => T("succeeded"),
        JobRunState.Failed => T("failed"),
        JobRunState.Refused => T("refused"),
        JobRunState.Skipped => T("skipped"),
        _ => state.ToLowerInvariant(),
    };

    public static string CauseOf(JobRun run) => run.Cause switch
    {
        JobCause.Person => T("by hand, {0}", run.ActorName),
        JobCause.Missed => Told(run.CauseText),
        _ => T("its time had come"),
    };

    public static string TimeOf(JobRun run, DateTimeOffset now) =>
        run.StartedAt is { } started ? Units.Duration((run.FinishedAt ?? now) - started) : "";

    /// <summary>What it does, in a line.</summary>
    public static string WhatOf(JobLine line) => line.Info?.Kind switch
    {
        JobKind.Prune => PruneOf(line.Settings),
        JobKind.VolumeBackup => BackupOf(line.Settings),
        JobKind.RestartContainer => T("restarts the container {0}", line.Settings.Container),
        JobKind.RestartStack => T("restarts a stack"),
        JobKind.PortalBackup => line.Settings.Check ? T("backs up the portal, and restores it on trial") : T("backs up the portal"),
        JobKind.Command => T("runs {0} in {1}", Join(line.Settings.Command), line.Settings.Container),
        _ => line.Job.Kind,
    };

    /// <summary>A command as it is written for a shell, so that its words can be told apart.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(word =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:=,+@%".Contains(letter, StringComparison.Ordinal))
            ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'"));

    private static IEnumerable<string> Pruned(JobSettings settings)
    {
        if (settings.Containers)
        {
            yield return T("stopped containers");
        }

        if (settings.Images)
        {
            yield return settings.NamedImages ? T("all unused images") : T("images without names");
        }

        if (settings.BuildCache)
        {
            yield return T("the cache of builds");
        }
    }

    private static string PruneOf(JobSettings settings)
    {
        var what = string.Join(", ", Pruned(settings));
        return settings.OlderThanHours > 0 ? T("prunes {0} older than {1} h", what, settings.OlderThanHours) : T("prunes {0}", what);
    }

    private static string BackupOf(JobSettings settings) => settings.Users switch
    {
        UserHandling.Pause => T("backs up the volume {0} with its containers paused, keeps {1}", settings.Volume, settings.Keep),
        UserHandling.Stop => T("backs up the volume {0} with its containers stopped, keeps {1}", settings.Volume, settings.Keep),
        _ => T("backs up the volume {0}, keeps {1}", settings.Volume, settings.Keep),
    };
}
