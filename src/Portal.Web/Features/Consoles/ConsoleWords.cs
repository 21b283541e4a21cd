using Portal.Contracts.Consoles.V1;

namespace Portal.Web.Features.Consoles;

/// <summary>Consoles in words.</summary>
internal static class ConsoleWords
{
    /// <summary>Why one ended, as a whole sentence in English, which pages tell.</summary>
    public static string EndOf(ConsoleExited exited) => exited.End switch
    {
        ConsoleEnd.Person => exited.EndedBy.Length > 0 ? E("Ended by {0}.", exited.EndedBy) : N("Ended."),
        ConsoleEnd.Idle => N("Ended because it was idle for too long."),
        ConsoleEnd.Agent => N("Ended because the agent was restarted."),
        ConsoleEnd.Away => N("Ended while the agent was away."),
        ConsoleEnd.Unwatched => N("Ended with its last viewer."),
        _ => E("The program ended with exit code {0}.", exited.ExitCode),
    };

    public static string Of(ConsoleKind kind) => kind switch
    {
        ConsoleKind.Attach => T("attached"),
        ConsoleKind.Node => T("node shell"),
        _ => T("console"),
    };

    public static string Of(ConsoleSharing sharing) => sharing switch
    {
        ConsoleSharing.Watch => T("others may watch"),
        ConsoleSharing.Write => T("others may type"),
        _ => T("private##a console"),
    };
}
