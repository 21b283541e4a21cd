using Portal.Engine.Content;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Images.Installing;

/// <summary>A layer that an image needs.</summary>
/// <param name="DiffId">The digest of the uncompressed archive.</param>
/// <param name="ChainId">The key of its snapshot.</param>
/// <param name="Parent">The chain id of the layer below, or null.</param>
/// <param name="Blob">The blob that the manifest names.</param>
internal sealed record LayerPlan(Digest DiffId, Digest ChainId, Digest? Parent, Descriptor Blob)
{
    /// <summary>Pairs the layers of a configuration with those of its manifest.</summary>
    public static IReadOnlyList<LayerPlan> Make(ImageConfiguration configuration, IReadOnlyList<Descriptor> layers)
    {
        return [.. layers.Select((blob, index) => new LayerPlan(
            configuration.DiffIds[index],
            configuration.ChainIds[index],
            index == 0 ? null : configuration.ChainIds[index - 1],
            blob))];
    }
}
