namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary><c>ENV name=value ...</c></summary>
internal sealed record EnvInstruction(IReadOnlyList<KeyValue> Variables) : Instruction;
