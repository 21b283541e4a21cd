namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary><c>MAINTAINER name</c></summary>
internal sealed record MaintainerInstruction(string Author) : Instruction;
