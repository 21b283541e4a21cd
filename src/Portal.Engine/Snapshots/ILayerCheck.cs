namespace Portal.Engine.Snapshots;

/// <summary>Looks whether layers and containers' roots are as their records say, for a check of the store.</summary>
public interface ILayerCheck
{
    /// <summary>Compares a layer's folder and record. Walks the folder, but reads no file.</summary>
    /// <param name="chainId">The layer.</param>
    /// <param name="cancellationToken">Checked before it begins.</param>
    /// <returns>What is wrong, as a sentence for people; null when nothing is, or when the layer is gone.</returns>
    Task<string?> CheckLayerAsync(string chainId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes a damaged layer away, though other layers stand on it, so that it can be unpacked anew. Until then images that have it can't
    /// be used.
    /// </summary>
    /// <param name="chainId">The layer.</param>
    /// <param name="cancellationToken">Checked before anything changes.</param>
    /// <returns>False when a container's root stands on it: then it stays.</returns>
    Task<bool> TryDiscardLayerAsync(string chainId, CancellationToken cancellationToken = default);

    /// <summary>Containers whose root can't be mounted, each with what is wrong as a sentence for people.</summary>
    IReadOnlyDictionary<string, string> CheckRoots();
}
