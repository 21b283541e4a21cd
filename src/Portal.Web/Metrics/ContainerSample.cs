using Portal.Contracts.Hubs;

namespace Portal.Web.Metrics;

/// <summary>A container and the counters that its node last told of it.</summary>
internal readonly record struct ContainerSample(Guid NodeId, ContainerView Container, StatsSample Sample);
