namespace Portal.Engine.Containers.Store;

/// <summary>What a creation or a removal left that was cut off.</summary>
/// <param name="ContainerId">The container that there is not.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="AnonymousVolumes">Volumes that were, or were to be, made for it alone.</param>
internal sealed record HalfMadeContainer(string ContainerId, ContainerFolder Folder, IReadOnlyList<string> AnonymousVolumes);
