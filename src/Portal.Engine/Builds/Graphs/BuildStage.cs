using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Images;

namespace Portal.Engine.Builds.Graphs;

/// <summary>One stage: a <c>FROM</c> and what follows it.</summary>
internal sealed record BuildStage
{
    /// <summary>Its number in the file, from 0.</summary>
    public required int Index { get; init; }

    public required FromInstruction From { get; init; }

    /// <summary>The image it starts from, variables put in; <c>scratch</c> for nothing.</summary>
    public required string Image { get; init; }

    /// <summary>The stage it starts from instead of an image, or null.</summary>
    public int? BaseStage { get; init; }

    public ImagePlatform? Platform { get; init; }

    /// <summary>What follows the <c>FROM</c>, with global arguments put into <c>--from</c>.</summary>
    public required IReadOnlyList<Instruction> Instructions { get; init; }

    /// <summary>Stages whose result it needs.</summary>
    public IReadOnlySet<int> Needs { get; init; } = new HashSet<int>();

    /// <summary>Number of its first step (its <c>FROM</c>) in the build, from 1.</summary>
    public int FirstStep { get; init; }
}
