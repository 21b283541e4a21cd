namespace Portal.Web.Features.Consoles.Rules;

/// <summary>What holds for all consoles.</summary>
/// <param name="IdleMinutes">How long one may stay without a key, and without output that anybody sees.</param>
/// <param name="Recording">Which are recorded.</param>
/// <param name="KeepDays">How long recordings are kept; 0 for ever.</param>
public sealed record ConsolePolicy(int IdleMinutes, ConsoleRecordingRule Recording, int KeepDays)
{
    public const int MostMinutes = 7 * 24 * 60;
    public const int MostDays = 36_500;

    /// <summary>As it is until somebody sets it.</summary>
    public static ConsolePolicy Default { get; } = new(12 * 60, ConsoleRecordingRule.Nothing, 90);

    public bool Records(bool onNode) =>
        Recording == ConsoleRecordingRule.Everything || (Recording == ConsoleRecordingRule.NodeShells && onNode);
}
