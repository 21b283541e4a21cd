using System.Text.RegularExpressions;
using Portal.Compose.Planning;

namespace Portal.Web.Features.Deployments.Pages;

/// <summary>Why a plan does what it does, in the reader's language: the library that plans speaks English.</summary>
internal static partial class PlanText
{
    // What stands between quotes is the name of a service or a node.
    private static readonly HashSet<string> s_reasons = new(StringComparer.Ordinal)
    {
        N("It is not there yet."), N("More containers are asked for."), N("Fewer containers are asked for."), N("It does not run."),
        N("All containers are to be made anew."), N("What the files say of it has changed."), N("Its image has changed."),
        N("The service '{0}' that it depends on starts anew."), N("It shares what is the service '{0}''s, whose container is made anew."),
        N("It is not in the files any more."), N("Its service is not in the files any more."), N("No active profile has its service."),
        N("Nothing there needs it any more."), N("It runs on another node."), N("It can't stay on '{0}'."),
    };

    /// <summary>A reason that is not known is shown as it is.</summary>
    public static string ReasonOf(PlanStep step)
    {
        var name = Name().Match(step.Reason).Groups["name"].Value;
        var known = name.Length == 0 ? step.Reason : step.Reason.Replace($"'{name}'", "'{0}'", StringComparison.Ordinal);
        return s_reasons.Contains(known) ? T(known, name) : step.Reason;
    }

    [GeneratedRegex("(?<= )'(?<name>[^']+)'")]
    private static partial Regex Name();
}
