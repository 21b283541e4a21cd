namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary><c>CMD</c> or <c>ENTRYPOINT</c>.</summary>
internal sealed record CommandInstruction(Command Command) : Instruction;
