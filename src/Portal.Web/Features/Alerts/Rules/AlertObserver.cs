using Portal.Contracts.Hubs;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Containers;
using Portal.Web.Features.Jobs;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Features.Stats.History;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Tls;

namespace Portal.Web.Features.Alerts.Rules;

/// <summary>Looks at the fleet as this portal sees it, for one condition.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class AlertObserver(
    IFleet fleet, StatsBuckets buckets, LogMatches logs, StackSourceStates sources, JobStates jobs, PortalCertificate certificate,
    TimeProvider time)
{
    public IReadOnlyList<Observation> Observe(AlertCondition condition)
    {
        var nodes = fleet.Current.Nodes.Values
            .Where(node => condition.NodeIds.Count == 0 || condition.NodeIds.Contains(node.Id))
            .ToList();
        return condition.Kind == AlertKind.Certificate ? ObserveCertificate(condition)
            : condition.Kind == AlertKind.StackSource ? ObserveSources(condition)
            : condition.Kind == AlertKind.ScheduledJob ? ObserveJobs(condition)
            : AlertKindInfo.Of(condition.Kind).IsOfContainers ? [.. nodes.SelectMany(node => ObserveContainers(condition, node))]
            : [.. nodes.Select(node => ObserveNode(condition, node))];
    }

    private IReadOnlyList<Observation> ObserveSources(AlertCondition condition) =>
        [.. sources.Current
            .Where(source => condition.NodeIds.Count == 0 || condition.NodeIds.Contains(source.NodeId))
            .Select(source => new Observation(
                $"stack:{source.StackId}", source.StackName, source.NodeId,
                source.Trouble.Length > 0 ? Verdict.Bad : Verdict.Good,
                source.Trouble.Length > 0 ? source.Trouble : N("fetched")))];

    private IReadOnlyList<Observation> ObserveJobs(AlertCondition condition) =>
        [.. jobs.Current
            .Where(job => condition.NodeIds.Count == 0 || (job.NodeId is { } node && condition.NodeIds.Contains(node)))
            .Select(job => new Observation(
                $"job:{job.JobId}", job.Name, job.NodeId,
                job.Trouble.Length > 0 ? Verdict.Bad : Verdict.Good,
                job.Trouble.Length > 0 ? job.Trouble : N("done")))];

    private Observation ObserveNode(AlertCondition condition, NodeState node)
    {
        var subject = $"node:{node.Id}";
        if (condition.Kind == AlertKind.NodeOffline)
        {
            return new(
                subject, node.Name, node.Id, node.Presence == NodePresence.Online ? Verdict.Good : Verdict.Bad,
                node.Presence.ToString().ToLowerInvariant());
        }

        // An average: what lasts for two seconds is no news.
        double? share = node.Sample is not { } sample ? null : condition.Kind switch
        {
            AlertKind.NodeCpu => node.History.TakeLast(15).Select(item => item.CpuShare).DefaultIfEmpty(sample.CpuShare).Average(),
            AlertKind.NodeMemory => Share(sample.MemoryUsedBytes, sample.MemoryTotalBytes),
            _ => Share(sample.DiskUsedBytes, sample.DiskTotalBytes),
        };
        return new(subject, node.Name, node.Id, Judge(condition, share * 100), share is { } value ? Units.Percent(value) : N("not known"));
    }

    private IEnumerable<Observation> ObserveContainers(AlertCondition condition, NodeState node)
    {
        foreach (var container in node.Containers.Values.Where(item => AlertCondition.Matches(condition.NamePattern, item.Name)))
        {
            var (verdict, value) = node.Presence != NodePresence.Online
                ? (Verdict.Unknown, N("its node is offline"))
                : JudgeContainer(condition, node.Id, container);
            yield return new($"container:{node.Id}:{container.Id}", container.Name, node.Id, verdict, value);
        }
    }

    private (Verdict Verdict, string Value) JudgeContainer(AlertCondition condition, Guid nodeId, ContainerView container)
    {
        var running = container.State == "running";
        switch (condition.Kind)
        {
            case AlertKind.ContainerUnhealthy:
                var health = container.Health.Length == 0 ? container.State : container.Health;
                return (container.Health == "unhealthy" ? Verdict.Bad : Verdict.Good, health);
            case AlertKind.ContainerRestarting:
                // Between two attempts it runs for a moment: only when it has run for a minute it is well.
                var young = running && container.RestartCount > 0 && time.GetUtcNow() - container.StartedAt < TimeSpan.FromMinutes(1);
                var often = container.RestartCount == 1 ? E("{0} restart", 1) : E("{0} restarts", container.RestartCount);
                return (container.State == "restarting" || young ? Verdict.Bad : Verdict.Good, often);
            case AlertKind.ContainerLog:
                return JudgeLog(condition, nodeId, container);
            case AlertKind.ContainerExited:
                // Whoever stops a container ends it by a signal: that is no error.
                var ended = container.State is "exited" or "dead";
                var failed = ended && (container.OutOfMemory || container.ExitCode is not (0 or 130 or 137 or 143));
                return (failed ? Verdict.Bad : Verdict.Good, container.OutOfMemory ? N("out of memory") : E("exit code {0}", container.ExitCode));
            default:
                var share = ShareOf(condition.Kind, nodeId, container.Id);
                return (running ? Judge(condition, share * 100) : Verdict.Good, share is { } part ? Units.Percent(part) : N("not known"));
        }
    }

    // Not the lines themselves: who may see alerts need not be one who may read logs.
    private (Verdict Verdict, string Value) JudgeLog(AlertCondition condition, Guid nodeId, ContainerView container)
    {
        var window = TimeSpan.FromSeconds(condition.WindowSeconds);
        return logs.Find(condition.LinePattern, nodeId, container.Id, ContainerStatus.IsAlive(container), window) is { } lines
            ? (Judge(condition, lines), lines == 1 ? E("{0} line in {1}", lines, Units.Duration(window)) : E("{0} lines in {1}", lines, Units.Duration(window)))
            : (Verdict.Unknown, E("more than {0} logs are watched", LogMatches.MostContainers));
    }

    private double? ShareOf(AlertKind kind, Guid nodeId, string containerId)
    {
        if (kind == AlertKind.ContainerCpu)
        {
            return buckets.Find(nodeId, containerId, "cpu");
        }

        var limit = buckets.Find(nodeId, containerId, "memory_limit");
        return limit > 0 ? buckets.Find(nodeId, containerId, "memory") / limit : null;
    }

    private IReadOnlyList<Observation> ObserveCertificate(AlertCondition condition)
    {
        if (certificate.Value is not { } shown)
        {
            return [];
        }

        var left = (shown.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime).TotalDays;
        var verdict = left <= condition.Threshold ? Verdict.Bad : left > condition.Clear ? Verdict.Good : Verdict.Between;
        var value = E("{0:0} days left", left);
        return [new("portal:certificate", N("The portal's certificate"), null, verdict, value)];
    }

    private static Verdict Judge(AlertCondition condition, double? value) => value switch
    {
        null => Verdict.Unknown,
        _ when value >= condition.Threshold => Verdict.Bad,
        _ when value < condition.Clear || condition.Clear == condition.Threshold => Verdict.Good,
        _ => Verdict.Between,
    };

    private static double? Share(long used, long total) => total > 0 ? (double)used / total : null;
}
