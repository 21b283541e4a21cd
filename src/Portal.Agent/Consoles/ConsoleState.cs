using Portal.Contracts.Consoles.V1;
using Portal.Engine.Runtime;

namespace Portal.Agent.Consoles;

/// <summary>How a console is when it begins here: new, or as an earlier agent left it.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Size">The terminal's.</param>
internal sealed record ConsoleState(string Name, TerminalSize Size)
{
    public ConsoleSharing Sharing { get; init; }

    /// <summary>When its program was started; null where it is being started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The position of the first byte of <see cref="Kept"/>.</summary>
    public long Position { get; init; }

    /// <summary>Up to which position an earlier agent has recorded it.</summary>
    public long Recorded { get; init; }

    /// <summary>What it showed lately.</summary>
    public ReadOnlyMemory<byte> Kept { get; init; }
}
