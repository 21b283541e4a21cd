using Portal.Engine.Images.Store;

namespace Portal.Engine.Images.Saving;

/// <summary>In what form an image's layers are to leave this host.</summary>
/// <param name="IsCompressed">
/// True to have plain layers compressed, as registries want them, unless the image came by a manifest that names them as they are: that
/// one is kept to the byte.
/// </param>
/// <param name="OnReady">
/// Told each layer as soon as it has the form in which it leaves, and is held, while others are compressed still; on any thread. Of an image
/// that is kept to the byte it is told none: there all are ready at once.
/// </param>
internal sealed record LayerWish(bool IsCompressed, Action<LayerReference>? OnReady = null)
{
    /// <summary>As they are, if others can read that.</summary>
    public static LayerWish AsTheyAre { get; } = new(IsCompressed: false);
}
