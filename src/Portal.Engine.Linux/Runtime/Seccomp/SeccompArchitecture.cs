namespace Portal.Engine.Linux.Runtime.Seccomp;

/// <summary>An architecture with those whose programs it runs too.</summary>
internal sealed record SeccompArchitecture(string Architecture, IReadOnlyList<string>? SubArchitectures);
