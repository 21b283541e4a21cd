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

    public static string StateOf(string state) => state.ToLowerInvariant();

    public static string CauseOf(JobRun run) => run.Cause switch
    {
        JobCause.Person => $"by hand, {run.ActorName}",
        JobCause.Missed => run.CauseText,
        _ => "its time had come",
    };

    public static string TimeOf(JobRun run, DateTimeOffset now) =>
        run.StartedAt is { } started ? Units.Duration((run.FinishedAt ?? now) - started) : "";

    /// <summary>What it does, in a line.</summary>
    public static string WhatOf(JobLine line) => line.Info?.Kind switch
    {
        JobKind.Prune => $"prunes {string.Join(", ", Pruned(line.Settings))}{Age(line.Settings)}",
        JobKind.VolumeBackup => $"backs up the volume {line.Settings.Volume}{UsersOf(line.Settings)}, keeps {line.Settings.Keep}",
        JobKind.RestartContainer => $"restarts the container {line.Settings.Container}",
        JobKind.RestartStack => "restarts a stack",
        JobKind.PortalBackup => line.Settings.Check ? "backs up the portal, and restores it on trial" : "backs up the portal",
        JobKind.Command => $"runs {Join(line.Settings.Command)} in {line.Settings.Container}",
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
            yield return "stopped containers";
        }

        if (settings.Images)
        {
            yield return settings.NamedImages ? "all unused images" : "images without names";
        }

        if (settings.BuildCache)
        {
            yield return "the cache of builds";
        }
    }

    private static string Age(JobSettings settings) =>
        settings.OlderThanHours > 0 ? $" older than {settings.OlderThanHours} h" : "";

    private static string UsersOf(JobSettings settings) => settings.Users switch
    {
        UserHandling.Pause => " with its containers paused",
        UserHandling.Stop => " with its containers stopped",
        _ => "",
    };
}
