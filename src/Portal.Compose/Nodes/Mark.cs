namespace Portal.Compose.Nodes;

/// <summary>Where something stands: a file of the project, and line and column from 1.</summary>
public readonly record struct Mark(string File, int Line, int Column);
