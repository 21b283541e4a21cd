using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary><c>RUN</c> in shell, exec or here-document form.</summary>
internal sealed record RunInstruction : Instruction
{
    public required Command Command { get; init; }

    /// <summary>The documents of the here-document form.</summary>
    public IReadOnlyList<HereDocument> HereDocuments { get; init; } = [];

    /// <summary>What each <c>--mount</c> says, unparsed, because variables may stand in it.</summary>
    public IReadOnlyList<string> Mounts { get; init; } = [];

    /// <summary><c>default</c>, <c>none</c> or <c>host</c>.</summary>
    public string Network { get; init; } = "default";

    /// <summary><c>sandbox</c> or <c>insecure</c>.</summary>
    public string Security { get; init; } = "sandbox";
}
