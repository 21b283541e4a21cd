namespace Portal.Engine.Volumes.Backups;

/// <summary>Where an archive goes.</summary>
public sealed record VolumeRestore
{
    /// <summary>The volume.</summary>
    public required string Volume { get; init; }

    /// <summary>Make the volume, which must not exist yet, with the archive's labels.</summary>
    public bool Create { get; init; }

    /// <summary>Let files be in the volume: they are replaced.</summary>
    public bool Replace { get; init; }

    /// <summary>What becomes of the containers that run with it; not <see cref="VolumeUserHandling.Pause"/>.</summary>
    public VolumeUserHandling Users { get; init; }

    /// <summary>What the archive must be, <c>sha256:</c> and 64 hexadecimal digits; empty to trust the checksum within.</summary>
    public string Digest { get; init; } = "";
}
