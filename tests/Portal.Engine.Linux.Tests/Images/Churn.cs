namespace Portal.Engine.Linux.Tests.Images;

/// <summary>What a process does over and over until it is killed.</summary>
public enum Churn
{
    /// <summary>Pulls an image and prunes it away.</summary>
    Pull = 0,

    /// <summary>Loads an image and prunes it away.</summary>
    Load,

    /// <summary>Pulls and loads at once, then prunes twice at once.</summary>
    Prune,

    /// <summary>Loads an image and removes it.</summary>
    Remove,

    /// <summary>Imports an archive under the same name, saves the image, loads it and prunes the one before.</summary>
    SaveAndImport,

    /// <summary>Makes a layer of what it wrote into a root, and an image of that, and prunes the one before.</summary>
    Commit,
}
