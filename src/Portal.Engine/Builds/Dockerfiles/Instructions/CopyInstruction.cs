using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary><c>COPY</c> or <c>ADD</c>.</summary>
internal sealed record CopyInstruction : Instruction
{
    /// <summary>Paths, patterns, and for <c>ADD</c> addresses; marks of here-documents are not among them.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    public required string Destination { get; init; }

    /// <summary>Files given in the Dockerfile itself; the name is the file's.</summary>
    public IReadOnlyList<HereDocument> HereDocuments { get; init; } = [];

    /// <summary>A stage, an image, or null for the build's context.</summary>
    public string? From { get; init; }

    public string? Chown { get; init; }

    public string? Chmod { get; init; }

    /// <summary>True when the files make a layer that does not depend on what is below it.</summary>
    public bool Link { get; init; }

    /// <summary>True when the folders of the sources are kept.</summary>
    public bool Parents { get; init; }

    public IReadOnlyList<string> Excludes { get; init; } = [];

    /// <summary>The digest that a downloaded file must have (<c>ADD</c>).</summary>
    public string? Checksum { get; init; }

    /// <summary>True when the <c>.git</c> folder of a repository is kept (<c>ADD</c>).</summary>
    public bool KeepGitFolder { get; init; }

    /// <summary>Whether archives are unpacked; null for the default, which is yes for local ones of <c>ADD</c>.</summary>
    public bool? Unpack { get; init; }

    public bool IsAdd => Name == "ADD";
}
