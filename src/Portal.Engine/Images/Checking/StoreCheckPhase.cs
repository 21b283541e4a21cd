namespace Portal.Engine.Images.Checking;

/// <summary>The parts of a check, in their order.</summary>
public enum StoreCheckPhase
{
    /// <summary>Blobs and their digests; counted in bytes.</summary>
    Contents = 0,

    /// <summary>Unpacked layers; counted.</summary>
    Layers,

    /// <summary>Images and what they name; counted.</summary>
    Images,

    /// <summary>Containers' roots; counted.</summary>
    Roots,
}
