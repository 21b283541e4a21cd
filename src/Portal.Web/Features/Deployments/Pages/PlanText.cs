using Portal.Compose.Planning;

namespace Portal.Web.Features.Deployments.Pages;

/// <summary>Why a plan does what it does, in the reader's language: the library that plans speaks English.</summary>
internal static class PlanText
{
    /// <summary>What it says. Steps of deployments keep the same words.</summary>
    internal static IReadOnlyList<string> Reasons { get; } =
    [
        N("It is not there yet."), N("More containers are asked for."), N("Fewer containers are asked for."), N("It does not run."),
        N("All containers are to be made anew."), N("What the files say of it has changed."), N("Its image has changed."),
        E("The service '{0}' that it depends on starts anew."), E("It shares what is the service '{0}''s, whose container is made anew."),
        N("It is not in the files any more."), N("Its service is not in the files any more."), N("No active profile has its service."),
        N("Nothing there needs it any more."), N("It runs on another node."), E("It can't stay on '{0}'."),
    ];

    /// <summary>A reason that is not known is shown as it is.</summary>
    public static string ReasonOf(PlanStep step) => Told(step.Reason);
}
