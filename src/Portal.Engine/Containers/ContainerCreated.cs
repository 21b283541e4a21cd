namespace Portal.Engine.Containers;

/// <summary>A container that was made.</summary>
/// <param name="Id">64 hexadecimal digits.</param>
/// <param name="Name">Its name, given or made up.</param>
/// <param name="Warnings">What was asked for and is not honoured as such.</param>
public sealed record ContainerCreated(string Id, string Name, IReadOnlyList<string> Warnings);
