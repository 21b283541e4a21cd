namespace Portal.Engine.Distribution.Pushing;

/// <summary>What a push brought to a registry.</summary>
/// <param name="Name">The name as users write it.</param>
/// <param name="Tag">Its tag.</param>
/// <param name="Digest">The digest of the manifest there.</param>
/// <param name="Size">Bytes of the manifest.</param>
public sealed record PushedImage(string Name, string Tag, string Digest, long Size);
