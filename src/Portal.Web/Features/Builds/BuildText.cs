using System.Globalization;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Builds.Running;

namespace Portal.Web.Features.Builds;

/// <summary>Builds in words.</summary>
public static class BuildText
{
    public static string Of(BuildRun run) => run.State switch
    {
        BuildState.Waiting => "waiting for the context",
        BuildState.Running => "building",
        BuildState.Succeeded => "built",
        BuildState.Failed => "failed",
        BuildState.Interrupted => "interrupted",
        _ => "cancelled",
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
            { TotalSeconds: < 0 } => "0.00 s",
            { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s"),
            { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
            { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:00} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min"),
        };
    }
}
