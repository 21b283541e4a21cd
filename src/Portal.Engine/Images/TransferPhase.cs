namespace Portal.Engine.Images;

/// <summary>The phases of a part of a pull or load, in their order.</summary>
public enum TransferPhase
{
    /// <summary>The manifest is being fetched.</summary>
    Resolving = 0,

    /// <summary>Known, waiting for its turn.</summary>
    Waiting,

    /// <summary>The part is here already; nothing to do.</summary>
    Exists,

    /// <summary>Its bytes are coming.</summary>
    Downloading,

    /// <summary>Its bytes are being unpacked.</summary>
    Extracting,

    /// <summary>The part is done.</summary>
    Complete,

    /// <summary>A passing failure; it is tried again after a while, which the message tells.</summary>
    Retrying,

    /// <summary>The whole is done; the message tells the result.</summary>
    Done,

    /// <summary>Its bytes are going to a registry.</summary>
    Uploading,
}
