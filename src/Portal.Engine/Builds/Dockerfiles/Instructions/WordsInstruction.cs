namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary>An instruction that takes a list of words: <c>EXPOSE</c>, <c>VOLUME</c>.</summary>
internal sealed record WordsInstruction(IReadOnlyList<string> Words) : Instruction;
