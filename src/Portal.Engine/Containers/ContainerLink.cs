namespace Portal.Engine.Containers;

/// <summary>Another container that is found under a further name.</summary>
/// <param name="ContainerId">Its full id.</param>
/// <param name="Alias">The further name.</param>
public sealed record ContainerLink(string ContainerId, string Alias);
