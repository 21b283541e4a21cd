namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary><c>SHELL ["program", "parameter"]</c></summary>
internal sealed record ShellInstruction(IReadOnlyList<string> Words) : Instruction;
