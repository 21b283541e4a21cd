namespace Portal.Engine.Runtime;

/// <summary>The size of a terminal in characters.</summary>
/// <param name="Columns">1 to 65535.</param>
/// <param name="Rows">1 to 65535.</param>
public readonly record struct TerminalSize(int Columns, int Rows);
