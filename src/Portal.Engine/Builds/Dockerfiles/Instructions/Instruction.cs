namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary>One instruction of a Dockerfile, its variables not yet put in.</summary>
internal abstract record Instruction
{
    /// <summary>Its name in capitals, such as <c>COPY</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The text after the name, as it stands in the file with its lines joined.</summary>
    public required string Text { get; init; }

    /// <summary>Its first line in the file, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The instruction as progress and history show it.</summary>
    public string Original => Text.Length == 0 ? Name : $"{Name} {Text}";
}
