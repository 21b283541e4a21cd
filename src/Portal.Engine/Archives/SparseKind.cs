namespace Portal.Engine.Archives;

/// <summary>Where the map of a sparse file is.</summary>
internal enum SparseKind
{
    /// <summary>No sparse file.</summary>
    None = 0,

    /// <summary>In the header and the blocks that follow it.</summary>
    OldGnu,

    /// <summary>In extended records (pax formats 0.0 and 0.1).</summary>
    InRecords,

    /// <summary>In front of the data (pax format 1.0).</summary>
    InData,
}
