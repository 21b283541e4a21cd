using Portal.Engine.Images;

namespace Portal.Engine.Containers.Committing;

/// <summary>What the image of a container is to be.</summary>
public sealed record ContainerCommit
{
    /// <summary>The container, by name or id.</summary>
    public required string Container { get; init; }

    /// <summary>The image's name as users write it, or null for one without a name.</summary>
    public string? Name { get; init; }

    /// <summary>Who made it.</summary>
    public string Author { get; init; } = "";

    /// <summary>What its history says about it.</summary>
    public string Message { get; init; } = "";

    /// <summary>Freeze the container while its files are read, so that they fit together.</summary>
    /// <value>The default is true.</value>
    public bool Pause { get; init; } = true;

    /// <summary>Instructions of a Dockerfile that change the configuration (see <see cref="Images.Importing.ImageImport.Changes"/>).</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>
    /// A configuration to begin with instead of the container's; what it leaves open, and variables, labels, ports and volumes that it does
    /// not name, come from the container. Null for the container's own.
    /// </summary>
    public ImageConfig? Config { get; init; }
}
