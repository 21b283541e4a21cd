using Portal.Compose.Planning;
using Portal.Data.Entities.Deployments;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Deployments.Pages;

/// <summary>Deployments in words.</summary>
internal static class DeploymentText
{
    public static string StateOf(Deployment row) => row.State switch
    {
        nameof(DeploymentState.Running) => row.Phase switch
        {
            nameof(DeploymentPhase.Pull) => "pulling",
            nameof(DeploymentPhase.Apply) => "applying",
            nameof(DeploymentPhase.Watch) => "watching",
            nameof(DeploymentPhase.RollBack) => "going back",
            _ => "checking",
        },
        nameof(DeploymentState.RolledBack) => "rolled back",
        nameof(DeploymentState.AwaitingApproval) => "waits for approval",
        nameof(DeploymentState.AwaitingWindow) => "waits for a window",
        _ => row.State.ToLowerInvariant(),
    };

    public static StatusTone ToneOf(Deployment row) => row.State switch
    {
        nameof(DeploymentState.Succeeded) => StatusTone.Good,
        nameof(DeploymentState.Failed) => StatusTone.Bad,
        nameof(DeploymentState.RolledBack) or nameof(DeploymentState.AwaitingApproval) => StatusTone.Warning,
        nameof(DeploymentState.AwaitingWindow) => StatusTone.Busy,
        nameof(DeploymentState.Running) => row.Phase == nameof(DeploymentPhase.RollBack) ? StatusTone.Warning : StatusTone.Busy,
        _ => StatusTone.Neutral,
    };

    /// <summary>A state as lists are filtered by it.</summary>
    public static string WordOf(DeploymentState state) => state switch
    {
        DeploymentState.RolledBack => "rolled back",
        DeploymentState.AwaitingApproval => "waits for approval",
        DeploymentState.AwaitingWindow => "waits for a window",
        _ => state.ToString().ToLowerInvariant(),
    };

    public static string WhatOf(Deployment row) => row.Operation == nameof(DeploymentOperation.Deploy)
        ? $"Revision {row.Revision}" : row.Operation;

    /// <summary>What it came from, in a line.</summary>
    public static string CauseOf(Deployment row) => row.CauseText.Length > 0 ? row.CauseText : row.Cause switch
    {
        nameof(DeploymentCause.Person) => "by hand",
        nameof(DeploymentCause.Rollback) => "back to an earlier revision",
        nameof(DeploymentCause.Image) => "a newer image",
        nameof(DeploymentCause.Placement) => "nodes changed",
        _ => row.Cause.ToLowerInvariant(),
    };

    public static string TimeOf(Deployment row, DateTimeOffset now) =>
        row.StartedAt is { } started ? Duration((row.FinishedAt ?? now) - started) : "";

    public static string Duration(TimeSpan time) => time.TotalSeconds < 1 ? "<1 s"
        : time.TotalMinutes < 1 ? $"{time.TotalSeconds:0} s"
        : time.TotalHours < 1 ? $"{(int)time.TotalMinutes} min {time.Seconds} s"
        : $"{(int)time.TotalHours} h {time.Minutes} min";

    public static string WordOf(PlanStep step) => step.Action switch
    {
        PlanAction.Keep => "nothing",
        _ => step.Action.ToString().ToLowerInvariant(),
    };

    public static StatusTone ToneOf(PlanStep step) => step.Action switch
    {
        PlanAction.Keep => StatusTone.Neutral,
        PlanAction.Create or PlanAction.Start => StatusTone.Good,
        PlanAction.Remove => StatusTone.Bad,
        _ => StatusTone.Warning,
    };

    public static (string Icon, string Tone) MarkOf(DeploymentStep step) => step.State switch
    {
        "Done" => ("check_circle", "good"),
        "Failed" => ("error", "bad"),
        "Running" => ("progress_activity", "busy"),
        _ => ("block", "neutral"),
    };

    public static string PhaseOf(string phase) => phase switch
    {
        nameof(DeploymentPhase.Check) => "Check",
        nameof(DeploymentPhase.Pull) => "Pull",
        nameof(DeploymentPhase.Apply) => "Apply",
        nameof(DeploymentPhase.Watch) => "Watch",
        nameof(DeploymentPhase.RollBack) => "Go back",
        _ => phase,
    };
}
