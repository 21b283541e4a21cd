using Portal.Engine.Containers.States;

namespace Portal.Engine.Containers.Store;

/// <summary>A container as it was read from disk.</summary>
internal sealed record StoredContainer(ContainerConfig Config, ContainerRecord Record, ContainerFolder Folder);
