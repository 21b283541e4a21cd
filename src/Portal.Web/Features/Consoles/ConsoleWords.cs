using Portal.Contracts.Consoles.V1;

namespace Portal.Web.Features.Consoles;

/// <summary>Consoles in words.</summary>
internal static class ConsoleWords
{
    /// <summary>Why one ended, as a whole sentence.</summary>
    public static string Of(ConsoleExited exited) => exited.End switch
    {
        ConsoleEnd.Person => exited.EndedBy.Length > 0 ? $"Ended by {exited.EndedBy}." : "Ended.",
        ConsoleEnd.Idle => "Ended because it was idle for too long.",
        ConsoleEnd.Agent => "Ended because the agent was restarted.",
        ConsoleEnd.Away => "Ended while the agent was away.",
        ConsoleEnd.Unwatched => "Ended with its last viewer.",
        _ => $"The program ended with exit code {exited.ExitCode}.",
    };

    public static string Of(ConsoleKind kind) => kind switch
    {
        ConsoleKind.Attach => "attached",
        ConsoleKind.Node => "node shell",
        _ => "console",
    };

    public static string Of(ConsoleSharing sharing) => sharing switch
    {
        ConsoleSharing.Watch => "others may watch",
        ConsoleSharing.Write => "others may type",
        _ => "private",
    };
}
