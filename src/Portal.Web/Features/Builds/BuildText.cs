using Portal.Web.Components.Shared;
using Portal.Web.Features.Builds.Running;

namespace Portal.Web.Features.Builds;

/// <summary>Builds in the reader's words.</summary>
public static class BuildText
{
    public static string Of(BuildRun run) => run.State switch
    {
        BuildState.Waiting => T("waiting for the context"),
        BuildState.Running => T("building"),
        BuildState.Succeeded => T("built"),
        BuildState.Failed => T("failed"),
        BuildState.Interrupted => T("interrupted"),
        _ => T("cancelled"),
    };

    public static StatusTone Tone(BuildRun run) => run.State switch
    {
        BuildState.Waiting or BuildState.Running => StatusTone.Busy,
        BuildState.Succeeded => StatusTone.Good,
        BuildState.Failed or BuildState.Interrupted => StatusTone.Bad,
        _ => StatusTone.Neutral,
    };

    /// <summary>An address without the login that somebody put into it.</summary>
    public static string WithoutLogin(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
            ? address.Replace(uri.UserInfo + "@", "", StringComparison.Ordinal)
            : address;

    /// <summary>A short time with as many digits as it deserves: <c>0.04 s</c>, <c>12.3 s</c>, <c>2 min 05 s</c>.</summary>
    public static string Time(TimeSpan time)
    {
        return time switch
        {
            { TotalSeconds: < 10 } => T("{0:0.00} s", Math.Max(0, time.TotalSeconds)),
            { TotalSeconds: < 60 } => T("{0:0.0} s", time.TotalSeconds),
            { TotalHours: < 1 } => T("{0} min {1:00} s", (int)time.TotalMinutes, time.Seconds),
            _ => T("{0} h {1:00} min", (int)time.TotalHours, time.Minutes),
        };
    }
}
