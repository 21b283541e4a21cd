namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary><c>ONBUILD instruction</c>: <paramref name="Trigger"/> runs when another build starts from this image.</summary>
/// <param name="Trigger">The instruction as written.</param>
internal sealed record OnBuildInstruction(string Trigger) : Instruction;
