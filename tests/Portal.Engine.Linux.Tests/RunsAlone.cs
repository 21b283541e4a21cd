namespace Portal.Engine.Linux.Tests;

/// <summary>For tests that let go of something of the host's for a moment and want it back: a subnet, a port.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "runs alone";
}
