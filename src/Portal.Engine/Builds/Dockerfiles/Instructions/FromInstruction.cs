namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary><c>FROM [--platform=P] image [AS name]</c></summary>
internal sealed record FromInstruction(string Image, string? StageName, string? Platform) : Instruction;
