namespace Portal.Engine.Linux.Interop.Spawning;

/// <summary>A program to start with posix_spawn(3).</summary>
internal sealed record SpawnRequest
{
    /// <summary>Absolute path of the program.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments without the program's name.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Its whole environment, <c>NAME=VALUE</c>; nothing is inherited.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>Its working directory.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>
    /// A terminal's device for its standard input, output and error, in place of the three below: as the first terminal that its session opens,
    /// it becomes the session's own.
    /// </summary>
    public string? Terminal { get; init; }

    /// <summary>Our descriptor for its standard input, or -1 for <c>/dev/null</c>.</summary>
    public int Stdin { get; init; } = -1;

    /// <summary>Our descriptor for its standard output, or -1 for <c>/dev/null</c>.</summary>
    public int Stdout { get; init; } = -1;

    /// <summary>Our descriptor for its standard error, or -1 for <c>/dev/null</c>.</summary>
    public int Stderr { get; init; } = -1;

    /// <summary>A file to append its standard error to, in place of <see cref="Stderr"/>.</summary>
    public string? StderrPath { get; init; }

    /// <summary>Our descriptors that it gets as 3, 4, 5 and so on; each is at least <see cref="Spawner.LowestSource"/>.</summary>
    public IReadOnlyList<int> ExtraDescriptors { get; init; } = [];
}
