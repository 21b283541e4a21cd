using Portal.Engine.Containers;

namespace Portal.Engine.Runtime.Checks;

/// <summary>Compares what a container asks for with what this host can do, before anything is made.</summary>
public interface IContainerChecks
{
    /// <summary>
    /// Looks at limits, devices and security options. What this kernel can't limit is taken out with a warning, as Docker does; what
    /// it would refuse is a problem.
    /// </summary>
    /// <param name="spec">What is asked for, complete.</param>
    /// <returns>What is left of it, every problem and every warning, in Docker's words where Docker has some.</returns>
    CheckedContainer Examine(ContainerSpec spec);

    /// <summary>The same for limits that shall change.</summary>
    /// <param name="limits">What is asked for; what is at its default stays as it is.</param>
    CheckedLimits ExamineLimits(RuntimeResources limits);
}
