namespace Portal.Engine.Builds.Dockerfiles.Syntax;

/// <summary>What a Dockerfile may ask of us at most. Real ones stay far below.</summary>
internal static class DockerfileLimits
{
    /// <summary>Bytes of a whole file.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Instructions of a file.</summary>
    public const int MaxInstructions = 10_000;

    /// <summary>Here-documents of one instruction.</summary>
    public const int MaxHereDocuments = 100;

    /// <summary>Characters of one word after its variables were put in: nested variables could double it with every line.</summary>
    public const int MaxExpanded = 1 << 20;
}
