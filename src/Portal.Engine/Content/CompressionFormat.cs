namespace Portal.Engine.Content;

/// <summary>Forms of compression that neither .NET nor registries know, but archives come in.</summary>
public enum CompressionFormat
{
    /// <summary>bzip2 (bzip2(1)).</summary>
    Bzip2 = 0,

    /// <summary>xz (The .xz File Format, tukaani.org).</summary>
    Xz,
}
