namespace Portal.Engine.Images.Space;

/// <summary>How much disk images take.</summary>
/// <param name="LayerBytes">Bytes of files in all unpacked layers of images, each counted once.</param>
/// <param name="SharedBytes">By image id, the bytes of its layers that other images have too.</param>
public sealed record ImageSpaceUsage(long LayerBytes, IReadOnlyDictionary<string, long> SharedBytes);
