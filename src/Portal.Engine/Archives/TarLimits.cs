namespace Portal.Engine.Archives;

/// <summary>What an archive may ask of us at most. An archive that asks for more is refused as malformed.</summary>
public sealed record TarLimits
{
    /// <summary>Entries of one archive.</summary>
    /// <value>The default is 4,000,000.</value>
    public long MaxEntries { get; init; } = 4_000_000;

    /// <summary>Bytes of the whole uncompressed archive. Bounds what a small compressed file can blow up to.</summary>
    /// <value>The default is 64 GiB.</value>
    public long MaxBytes { get; init; } = 64L << 30;

    /// <summary>Bytes of the extended headers of one entry, its extended attributes included.</summary>
    /// <value>The default is 1 MiB, as in Go's archive/tar.</value>
    public int MaxHeaderBytes { get; init; } = 1 << 20;
}
