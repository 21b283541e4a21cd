namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary><c>LABEL name=value ...</c></summary>
internal sealed record LabelInstruction(IReadOnlyList<KeyValue> Labels) : Instruction;
