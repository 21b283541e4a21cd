namespace Portal.Engine.Images.Checking;

/// <summary>What can be wrong with the store.</summary>
public enum StoreProblemKind
{
    /// <summary>A file among the blobs that is none.</summary>
    ForeignFile = 0,

    /// <summary>A blob that has another digest than its name says.</summary>
    DamagedContent,

    /// <summary>An unpacked layer that is not as its record says.</summary>
    DamagedLayer,

    /// <summary>An image of which something is missing or does not fit.</summary>
    BrokenImage,

    /// <summary>A container's root that can't be mounted.</summary>
    BrokenRoot,

    /// <summary>A name whose index of several platforms is missing or is none.</summary>
    BrokenList,

    /// <summary>The index of images could not be read at some start, and was made anew of what was found.</summary>
    UnreadableIndex,
}
