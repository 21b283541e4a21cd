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
    /// <param name="container">What is told of.</param>
    /// <param name="length">How many characters its texts may have in all, see <see cref="TelemetryBounds.Container"/>.</param>
    public static ContainerView ToView(ContainerInfo container, int length) => new()
    {
        Id = container.Id,
        Name = container.Name,
        Image = TelemetryBounds.Text(container.Spec.Image, 512),
        ImageId = container.ImageId,
        Command = TelemetryBounds.Join(container.Arguments, length / 4),
        State = container.State.ToString().ToLowerInvariant(),
        Health = container.Health?.Status.ToString().ToLowerInvariant() ?? "",
        Created = container.Created,
        StartedAt = container.StartedAt,
        FinishedAt = container.FinishedAt,
        ExitCode = container.ExitCode,
        OutOfMemory = container.OutOfMemory,
        Error = TelemetryBounds.Text(container.Error, length / 4),
        RestartCount = container.RestartCount,
        Ports = [.. (container.Network?.Ports ?? []).Select(ToText)],
        Address = container.Network?.Endpoints is [var first, ..] ? first.Address : "",
        RestartPolicy = ToText(container.Spec.RestartPolicy),
        UsernsMode = TelemetryBounds.Text(container.Spec.UsernsMode, length / 16),
        RootOnHost = container.Ids?.RootUser,
        Labels = TelemetryBounds.Pairs(container.Spec.Labels, length / 2),
    };

    public static NodeEvent ToEvent(EngineEvent engineEvent) => new(
        engineEvent.Sequence,
        engineEvent.Time,
        engineEvent.Type.ToString().ToLowerInvariant(),
        TelemetryBounds.Text(engineEvent.Action, 128),
        TelemetryBounds.Text(engineEvent.ActorId, 512),
        TelemetryBounds.Pairs(engineEvent.Attributes, TelemetryBounds.Event - 640));

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
