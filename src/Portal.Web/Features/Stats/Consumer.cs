using Portal.Web.Features.Containers;

namespace Portal.Web.Features.Stats;

/// <summary>What a container used over some time.</summary>
/// <param name="Container">Which; it may be gone by now.</param>
/// <param name="Cpu">Processors in use, on average.</param>
/// <param name="Memory">Bytes in use, on average.</param>
/// <param name="MemoryPeak">The most bytes in use.</param>
public sealed record Consumer(ContainerKey Container, double Cpu, double Memory, double MemoryPeak);
