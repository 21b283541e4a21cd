using Portal.Compose.Planning;
using Portal.Data.Entities.Deployments;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Deployments.Running;

namespace Portal.Web.Features.Deployments.Pages;

/// <summary>Deployments in words.</summary>
internal static class DeploymentText
{
    /// <summary>Why one was asked for that is like another.</summary>
    public static string TriedAgain => N("tried again");

    public static string StateOf(Deployment row) => row.State switch
    {
        nameof(DeploymentState.Running) => row.Phase switch
        {
            nameof(DeploymentPhase.Pull) => T("pulling"),
            nameof(DeploymentPhase.Apply) => T("applying"),
            nameof(DeploymentPhase.Watch) => T("watching"),
            nameof(DeploymentPhase.RollBack) => T("going back"),
            _ => T("checking"),
        },
        _ => WordOf(Enum.Parse<DeploymentState>(row.State)),
    };

    public static StatusTone ToneOf(Deployment row) => row.State switch
    {
        nameof(DeploymentState.Succeeded) => StatusTone.Good,
        nameof(DeploymentState.Failed) => StatusTone.Bad,
        nameof(DeploymentState.RolledBack) or nameof(DeploymentState.AwaitingApproval) => StatusTone.Warning,
        nameof(DeploymentState.Paused) => StatusTone.Warning,
        nameof(DeploymentState.AwaitingWindow) => StatusTone.Busy,
        nameof(DeploymentState.Running) => row.Phase == nameof(DeploymentPhase.RollBack) ? StatusTone.Warning : StatusTone.Busy,
        _ => StatusTone.Neutral,
    };

    /// <summary>A state as lists are filtered by it.</summary>
    public static string WordOf(DeploymentState state) => state switch
    {
        DeploymentState.AwaitingApproval => T("waits for approval"),
        DeploymentState.AwaitingWindow => T("waits for a window"),
        DeploymentState.Queued => T("queued"),
        DeploymentState.Running => T("running##deployment"),
        DeploymentState.Paused => T("paused##deployment"),
        DeploymentState.Succeeded => T("succeeded"),
        DeploymentState.Failed => T("failed"),
        DeploymentState.RolledBack => T("rolled back"),
        DeploymentState.Cancelled => T("cancelled"),
        DeploymentState.Superseded => T("superseded"),
        DeploymentState.Skipped => T("skipped"),
        DeploymentState.Refused => T("refused"),
        _ => T("expired"),
    };

    /// <summary>A step's state.</summary>
    public static string StateOf(DeploymentStep step) => step.State switch
    {
        "Done" => T("done"),
        "Failed" => T("failed"),
        "Running" => T("running##deployment"),
        "Skipped" => T("skipped"),
        _ => step.State,
    };

    /// <summary>The heading of its page.</summary>
    public static string TitleOf(Deployment row) => row.Operation switch
    {
        nameof(DeploymentOperation.Deploy) => T("{0}: revision {1}", row.StackName, row.Revision),
        nameof(DeploymentOperation.Start) => T("{0}: start", row.StackName),
        nameof(DeploymentOperation.Stop) => T("{0}: stop", row.StackName),
        nameof(DeploymentOperation.Restart) => T("{0}: restart", row.StackName),
        _ => T("{0}: remove", row.StackName),
    };

    public static string WhatOf(Deployment row) => row.Operation switch
    {
        nameof(DeploymentOperation.Deploy) => T("Revision {0}", row.Revision),
        nameof(DeploymentOperation.Start) => T("Start"),
        nameof(DeploymentOperation.Stop) => T("Stop"),
        nameof(DeploymentOperation.Restart) => T("Restart"),
        _ => T("Remove"),
    };

    /// <summary>What it came from, in a line.</summary>
    public static string CauseOf(Deployment row) => row.CauseText.Length > 0 ? CauseTextOf(row) : row.Cause switch
    {
        nameof(DeploymentCause.Person) => T("by hand"),
        nameof(DeploymentCause.Rollback) => T("back to an earlier revision"),
        nameof(DeploymentCause.Image) => T("a newer image"),
        nameof(DeploymentCause.Placement) => T("nodes changed"),
        nameof(DeploymentCause.Webhook) => T("webhook"),
        nameof(DeploymentCause.Git) => T("Git"),
        nameof(DeploymentCause.Schedule) => T("schedule"),
        _ => row.Cause.ToLowerInvariant(),
    };

    // What a person wrote is theirs; what the portal wrote it wrote in English, reasons for places several, one behind the other.
    private static string CauseTextOf(Deployment row) => row.Cause switch
    {
        nameof(DeploymentCause.Person) when row.CauseText != TriedAgain => row.CauseText,
        nameof(DeploymentCause.Placement) => string.Join("; ", row.CauseText.Split("; ").Select(Told)),
        _ => Told(row.CauseText),
    };

    public static string TimeOf(Deployment row, DateTimeOffset now) =>
        row.StartedAt is { } started ? Duration((row.FinishedAt ?? now) - started) : "";

    public static string Duration(TimeSpan time) => time.TotalSeconds < 1 ? T("<1 s")
        : time.TotalMinutes < 1 ? T("{0:0} s", time.TotalSeconds)
        : time.TotalHours < 1 ? T("{0} min {1} s", (int)time.TotalMinutes, time.Seconds)
        : T("{0} h {1} min", (int)time.TotalHours, time.Minutes);

    public static string WordOf(PlanStep step) => step.Action switch
    {
        PlanAction.Create => T("create"),
        PlanAction.Recreate => T("recreate"),
        PlanAction.Move => T("move"),
        PlanAction.Start => T("start"),
        PlanAction.Restart => T("restart"),
        PlanAction.Remove => T("remove"),
        _ => T("nothing"),
    };

    public static string WordOf(PlanSubject subject) => subject switch
    {
        PlanSubject.Network => T("network"),
        PlanSubject.Volume => T("volume"),
        _ => T("container"),
    };

    public static StatusTone ToneOf(PlanStep step) => step.Action switch
    {
        PlanAction.Keep => StatusTone.Neutral,
        PlanAction.Create or PlanAction.Start => StatusTone.Good,
        PlanAction.Remove => StatusTone.Bad,
        _ => StatusTone.Warning,
    };

    /// <summary>A line of the log; what containers wrote stands in from the margin, and is theirs.</summary>
    public static string ToldOf(DeploymentLine line) => line.Text.StartsWith(' ') ? line.Text : Told(line.Text);

    public static (string Icon, string Tone) MarkOf(DeploymentStep step) => step.State switch
    {
        "Done" => ("check_circle", "good"),
        "Failed" => ("error", "bad"),
        "Running" => ("progress_activity", "busy"),
        _ => ("block", "neutral"),
    };

    /// <summary>What is done with a part, an image's layer for one, in the words that <c>ImageFetcher</c> wrote down.</summary>
    public static string PhaseOf(StepPart part) => part.Phase switch
    {
        "resolving" => T("resolving"),
        "waiting" => T("waiting"),
        "there already" => T("there already"),
        "downloading" => T("downloading"),
        "extracting" => T("extracting"),
        "trying again" => T("trying again"),
        "done" => T("done"),
        _ => part.Phase,
    };

    public static string PhaseOf(string phase) => phase switch
    {
        nameof(DeploymentPhase.Check) => T("Check##phase"),
        nameof(DeploymentPhase.Pull) => T("Pull##phase"),
        nameof(DeploymentPhase.Apply) => T("Apply##phase"),
        nameof(DeploymentPhase.Watch) => T("Watch##phase"),
        nameof(DeploymentPhase.RollBack) => T("Go back"),
        _ => phase,
    };
}
