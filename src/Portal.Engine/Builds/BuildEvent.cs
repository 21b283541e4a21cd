using Portal.Engine.Images;
using Portal.Engine.Runtime;

namespace Portal.Engine.Builds;

/// <summary>Something that happened in a build.</summary>
public sealed record BuildEvent
{
    /// <summary>What.</summary>
    public required BuildEventKind Kind { get; init; }

    /// <summary>The step's number, from 1; 0 for the whole build.</summary>
    public int Step { get; init; }

    /// <summary>How many steps there are.</summary>
    public int Steps { get; init; }

    /// <summary>The number of the step's stage in the Dockerfile, from 0.</summary>
    public int Stage { get; init; }

    /// <summary>For <see cref="BuildEventKind.Started"/> the name of the step's stage; empty for one without.</summary>
    public string StageName { get; init; } = "";

    /// <summary>For <see cref="BuildEventKind.Started"/> the instruction's first line in the Dockerfile, from 1.</summary>
    public int Line { get; init; }

    /// <summary>See <see cref="BuildEventKind"/>.</summary>
    public string Text { get; init; } = "";

    /// <summary>For <see cref="BuildEventKind.Output"/> the bytes.</summary>
    public ReadOnlyMemory<byte> Output { get; init; }

    /// <summary>For <see cref="BuildEventKind.Output"/> the stream they were written to.</summary>
    public OutputSource Source { get; init; }

    /// <summary>For <see cref="BuildEventKind.Pulling"/> the progress.</summary>
    public TransferProgress? Transfer { get; init; }

    /// <summary>When, by the engine's clock.</summary>
    public DateTimeOffset Time { get; init; }
}
