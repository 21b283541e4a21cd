namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary><c>process.consoleSize</c>, in characters.</summary>
internal sealed record OciConsoleSize(uint Height, uint Width);
