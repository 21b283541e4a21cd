using Portal.Agent.Services;
using Portal.Engine.Containers;
using Portal.Engine.Events;
using Portal.Engine.Logs;
using Portal.Engine.Stats;

namespace Portal.Agent.Telemetry;

/// <summary>Where telemetry comes from.</summary>
internal sealed record TelemetrySources(
    IContainers Containers,
    IEngineEvents Events,
    IContainerLogs Logs,
    IContainerStats Stats,
    IStatsReader StatsReader,
    NodeDescription Description,
    TimeProvider Time)
{
    /// <summary>Of this start of the agent.</summary>
    public Guid Run { get; } = Guid.NewGuid();
}
