using Portal.Contracts.Consoles.V1;

namespace Portal.Web.Features.Consoles;

/// <summary>Consoles in words, in the reader's language.</summary>
internal static class ConsoleWords
{
    /// <summary>Why one ended, as a whole sentence.</summary>
    public static string Of(ConsoleExited exited) => exited.End switch
    {
        ConsoleEnd.Person => exited.EndedBy.Length > 0 ? T("Ended by {0}.", exited.EndedBy) : T("Ended."),
        ConsoleEnd.Idle => T("Ended because it was idle for too long."),
        ConsoleEnd.Agent => T("Ended because the agent was restarted."),
        ConsoleEnd.Away => T("Ended while the agent was away."),
        ConsoleEnd.Unwatched => T("Ended with its last viewer."),
        _ => T("The program ended with exit code {0}.", exited.ExitCode),
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
