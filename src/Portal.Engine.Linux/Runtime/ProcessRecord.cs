namespace Portal.Engine.Linux.Runtime;

/// <summary>What a later engine must know of a process that an earlier one started; kept in its folder.</summary>
/// <param name="Terminal">It has a terminal.</param>
/// <param name="LogPath">Its log file; empty for none.</param>
internal sealed record ProcessRecord(bool Terminal, string LogPath);
