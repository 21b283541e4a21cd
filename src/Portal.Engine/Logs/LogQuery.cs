namespace Portal.Engine.Logs;

/// <summary>Which lines are wanted.</summary>
public sealed record LogQuery
{
    /// <summary>Lines of standard output.</summary>
    public bool Stdout { get; init; } = true;

    /// <summary>Lines of standard error.</summary>
    public bool Stderr { get; init; } = true;

    /// <summary>Go on with new lines.</summary>
    public bool Follow { get; init; }

    /// <summary>The last so many lines to begin with; null for all, 0 for none.</summary>
    public int? Tail { get; init; }

    /// <summary>
    /// Count <see cref="Tail"/> back from <see cref="Until"/>, for whoever goes through a log page by page; otherwise it counts back from
    /// the log's end and the time is looked at afterwards, as Docker does.
    /// </summary>
    public bool TailWithinTime { get; init; }

    /// <summary>None before this moment.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>None after this moment.</summary>
    public DateTimeOffset? Until { get; init; }
}
