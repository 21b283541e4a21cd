using Portal.Engine.Containers;

namespace Portal.Testing.Survival;

/// <summary>What an engine tells of a container; a list tells no exit code and no count.</summary>
public sealed record SeenContainer(string Id, ContainerState State, int? ExitCode = null, int RestartCount = 0);
