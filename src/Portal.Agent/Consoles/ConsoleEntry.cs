using Google.Protobuf;
using Portal.Contracts.Consoles.V1;

namespace Portal.Agent.Consoles;

/// <summary>What an agent that starts anew must know of a console to take it over.</summary>
internal sealed record ConsoleEntry
{
    /// <summary>A <see cref="ConsoleInfo"/> as protobuf's JSON.</summary>
    public required string Info { get; init; }

    /// <summary>The exec that it shows; empty for another kind.</summary>
    public string ExecId { get; init; } = "";

    /// <summary>It runs on when nobody looks at it.</summary>
    public bool Keep { get; init; }

    public long IdleSeconds { get; init; }

    public int Columns { get; init; }

    public int Rows { get; init; }

    /// <summary>Up to which position it is in its recording.</summary>
    public long Recorded { get; init; }

    /// <summary>
    /// How often it was taken over without its output, as an attached one is. Each time its positions begin at a multiple of
    /// <see cref="Leap"/>, beyond what anybody has seen.
    /// </summary>
    public int Leaps { get; init; }

    /// <summary>In bytes: more than a console ever shows between two agents, and within what a browser counts exactly for a thousand of them.</summary>
    public const long Leap = 1L << 43;

    /// <exception cref="InvalidProtocolBufferException">It is none.</exception>
    public ConsoleInfo Parse() => ConsoleInfo.Parser.ParseJson(Info);
}
