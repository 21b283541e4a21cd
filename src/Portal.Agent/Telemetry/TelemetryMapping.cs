using System.Net;
using Portal.Contracts.Hubs;
using Portal.Engine.Containers;
using Portal.Engine.Events;
using Portal.Engine.Networks;
using Portal.Engine.Stats;

namespace Portal.Agent.Telemetry;

/// <summary>From the engine's types to the messages of telemetry.</summary>
internal static class TelemetryMapping
{
    public static ContainerView ToView(ContainerInfo container) => new()
    {
        Id = container.Id,
        Name = container.Name,
        Image = container.Spec.Image,
        Command = string.Join(' ', container.Arguments),
        State = container.State.ToString().ToLowerInvariant(),
        Created = container.Created,
        StartedAt = container.StartedAt,
        FinishedAt = container.FinishedAt,
        ExitCode = container.ExitCode,
        OutOfMemory = container.OutOfMemory,
        Error = container.Error,
        RestartCount = container.RestartCount,
        Ports = [.. (container.Network?.Ports ?? []).Select(ToText)],
        Address = container.Network?.Endpoints is [var first, ..] ? first.Address : "",
        RestartPolicy = ToText(container.Spec.RestartPolicy),
        Labels = container.Spec.Labels,
    };

    public static NodeEvent ToEvent(EngineEvent engineEvent) => new(
        engineEvent.Sequence,
        engineEvent.Time,
        engineEvent.Type.ToString().ToLowerInvariant(),
        engineEvent.Action,
        engineEvent.ActorId,
        engineEvent.Attributes);

    public static NodeSample ToSample(HostSample host) => new(
        host.Time,
        host.CpuShare,
        host.Load1,
        host.MemoryTotalBytes,
        host.MemoryUsedBytes,
        host.DiskTotalBytes,
        host.DiskUsedBytes);

    public static StatsSample ToSample(ContainerSample sample) => new(
        sample.ContainerId,
        sample.Time,
        sample.CpuNanoseconds,
        sample.OnlineCpus,
        sample.MemoryBytes,
        sample.MemoryLimitBytes,
        sample.NetworkReceiveBytes,
        sample.NetworkTransmitBytes,
        sample.BlockReadBytes,
        sample.BlockWriteBytes,
        sample.Pids);

    private static string ToText(PortBinding port)
    {
        var address = port.HostAddress.Length == 0 ? "0.0.0.0" : port.HostAddress;
        var host = IPAddress.TryParse(address, out var parsed) && parsed.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? $"[{address}]"
            : address;
        return $"{host}:{port.HostPort}->{port.ContainerPort}/{port.Protocol.ToString().ToLowerInvariant()}";
    }

    private static string ToText(RestartPolicy policy) => policy.Kind switch
    {
        RestartPolicyKind.Always => "always",
        RestartPolicyKind.UnlessStopped => "unless-stopped",
        RestartPolicyKind.OnFailure when policy.MaximumRetries > 0 => $"on-failure:{policy.MaximumRetries}",
        RestartPolicyKind.OnFailure => "on-failure",
        _ => "no",
    };
}
