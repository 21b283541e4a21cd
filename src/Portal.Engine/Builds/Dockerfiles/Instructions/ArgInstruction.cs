namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary><c>ARG name[=value] ...</c></summary>
internal sealed record ArgInstruction(IReadOnlyList<KeyValue> Arguments) : Instruction;
