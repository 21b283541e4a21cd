namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary>An instruction that takes one value: <c>USER</c>, <c>WORKDIR</c>, <c>STOPSIGNAL</c>.</summary>
internal sealed record ValueInstruction(string Value) : Instruction;
