namespace Portal.Engine.Containers.Processes;

/// <summary>Processes as <c>ps</c> prints them.</summary>
/// <param name="Titles">The columns' titles.</param>
/// <param name="Rows">A text for each column of each process.</param>
public sealed record ProcessTable(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Rows);
