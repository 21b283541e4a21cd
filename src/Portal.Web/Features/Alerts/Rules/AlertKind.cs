namespace Portal.Web.Features.Alerts.Rules;

/// <summary>What a rule watches. Names are kept in the database: never rename one.</summary>
public enum AlertKind
{
    NodeOffline,
    NodeCpu,
    NodeMemory,
    NodeDisk,
    ContainerCpu,
    ContainerMemory,
    ContainerUnhealthy,
    ContainerRestarting,
    ContainerExited,
    Certificate,
    ContainerLog,
    StackSource,
    ScheduledJob,
}
