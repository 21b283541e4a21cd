namespace Portal.Engine.Linux.Runtime;

/// <summary>What a later engine must know of a process that an earlier one started; kept in its folder.</summary>
/// <param name="Terminal">It has a terminal.</param>
/// <param name="LogPath">Its log file; empty for none.</param>
internal sealed record ProcessRecord(bool Terminal, string LogPath)
{
    /// <summary>The OCI runtime that was asked for by name; null for the engine's choice.</summary>
    public string? Runtime { get; init; }

    /// <summary>The OCI runtime that made it. Whichever is chosen later, this one goes on with it; null where that was not written down.</summary>
    public string? RuntimePath { get; init; }

    /// <summary>Further groups, which its execs have too.</summary>
    public IReadOnlyList<string>? GroupAdd { get; init; }

    /// <summary>False when the runtime has no hooks to run at its end; null where that was not written down.</summary>
    public bool? HasHooks { get; init; }

    /// <summary>The host's path of its <c>/dev/shm</c>, when others may share it.</summary>
    public string? ShmPath { get; init; }
}
