using Portal.Engine.Containers;

namespace Portal.Engine.Runtime.Checks;

/// <summary>What <see cref="IContainerChecks"/> found.</summary>
/// <param name="Spec">The specification without what this host can't do.</param>
/// <param name="Problems">What keeps the container from being made; empty for nothing.</param>
/// <param name="Warnings">What was taken out.</param>
public sealed record CheckedContainer(ContainerSpec Spec, IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings)
{
    /// <summary>The AppArmor profile that it will have; empty where the host has no AppArmor.</summary>
    public string AppArmorProfile { get; init; } = "";
}
