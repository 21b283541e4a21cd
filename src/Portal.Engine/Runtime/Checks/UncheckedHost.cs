using Portal.Engine.Containers;

namespace Portal.Engine.Runtime.Checks;

/// <summary>A host that takes everything: for an engine without a kernel below it.</summary>
internal sealed class UncheckedHost : IContainerChecks
{
    public CheckedContainer Examine(ContainerSpec spec) => new(spec, [], []);

    public CheckedLimits ExamineLimits(RuntimeResources limits) => new(limits, [], []);
}
