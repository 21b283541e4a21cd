using Portal.Engine.Content;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Distribution;

/// <summary>A manifest from a registry.</summary>
/// <param name="Root">The digest of what the tag points at: the manifest itself, or the index above it.</param>
/// <param name="List">The bytes of the index when the tag points at one that names the manifest itself; else null.</param>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Manifest">Its meaning.</param>
internal sealed record FetchedManifest(Digest Root, byte[]? List, Digest Digest, byte[] Content, ManifestDocument Manifest);
