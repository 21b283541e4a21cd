using Google.Protobuf.WellKnownTypes;
using Portal.Agent.Services.Creation;
using Portal.Contracts.Containers.V1;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Updates;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;
using EnginePort = Portal.Engine.Networks.PortBinding;
using EngineProtocol = Portal.Engine.Networks.PortProtocol;
using EngineRestart = Portal.Engine.Containers.RestartPolicy;
using EngineRestartKind = Portal.Engine.Containers.RestartPolicyKind;
using EngineState = Portal.Engine.Containers.ContainerState;
using State = Portal.Contracts.Containers.V1.ContainerState;

namespace Portal.Agent.Services;

/// <summary>Between the engine's types and the contract's.</summary>
internal static class Mapping
{
    public static Timestamp? ToTimestamp(DateTimeOffset? time) =>
        time is { } value ? Timestamp.FromDateTimeOffset(value) : null;

    public static ContainerSummary ToSummary(ContainerInfo container)
    {
        var summary = new ContainerSummary
        {
            Id = container.Id,
            Name = container.Name,
            Image = container.Spec.Image,
            ImageId = container.ImageId,
            State = ToState(container.State),
            CreatedAt = Timestamp.FromDateTimeOffset(container.Created),
            StartedAt = ToTimestamp(container.StartedAt),
            FinishedAt = ToTimestamp(container.FinishedAt),
            ExitCode = container.ExitCode,
            OutOfMemory = container.OutOfMemory,
            Error = container.Error,
            RestartCount = container.RestartCount,
            Address = container.Network?.Endpoints is [var first, ..] ? first.Address : "",
            RestartPolicy = new Contracts.Containers.V1.RestartPolicy
            {
                Kind = (Contracts.Containers.V1.RestartPolicyKind)((int)container.Spec.RestartPolicy.Kind + 1),
                MaximumRetries = container.Spec.RestartPolicy.MaximumRetries,
            },
            Tty = container.Spec.Tty,
            Health = HealthMapping.ToStatus(container.Health),
        };
        summary.Arguments.AddRange(container.Arguments);
        summary.Ports.AddRange((container.Network?.Ports ?? []).Select(ToPort));
        foreach (var (key, value) in container.Spec.Labels)
        {
            summary.Labels[key] = value;
        }

        return summary;
    }

    public static ContainerSpec ToSpec(CreateContainerRequest request) => HostMapping.Complete(ToPlainSpec(request), request);

    private static ContainerSpec ToPlainSpec(CreateContainerRequest request)
    {
        var problems = new List<string>();
        var spec = new ContainerSpec
        {
            Name = NullIfEmpty(request.Name),
            Image = request.Image,
            Command = request.Command.Count == 0 ? null : [.. request.Command],
            Entrypoint = request.Entrypoint.Count == 0 ? null : [.. request.Entrypoint],
            Environment = [.. request.Environment],
            Ports = [.. request.Ports.Select(port => ToEnginePort(port, problems))],
            RestartPolicy = ToRestartPolicy(request.RestartPolicy, problems),
            Labels = new Dictionary<string, string>(request.Labels),
            Tty = request.Tty,
            OpenStdin = request.OpenStdin,
            WorkingDirectory = NullIfEmpty(request.WorkingDirectory),
            User = NullIfEmpty(request.User),
            Hostname = NullIfEmpty(request.Hostname),
            NetworkMode = NullIfEmpty(request.NetworkMode) ?? "bridge",
            Binds = [.. request.Binds],
            Resources = new RuntimeResources
            {
                Memory = request.Resources?.MemoryBytes ?? 0,
                NanoCpus = request.Resources?.NanoCpus ?? 0,
                PidsLimit = request.Resources?.PidsLimit ?? 0,
                MemoryReservation = request.Resources?.MemoryReservationBytes ?? 0,
                MemorySwap = request.Resources?.MemorySwapBytes ?? 0,
                CpuShares = request.Resources?.CpuShares ?? 0,
                CpusetCpus = request.Resources?.CpusetCpus ?? "",
            },
            AutoRemove = request.AutoRemove,
            Privileged = request.Privileged,
            Healthcheck = HealthMapping.ToEngineCheck(request.Healthcheck),
        };
        return problems.Count == 0 ? spec : throw EngineException.InvalidArgument(string.Join(' ', problems));
    }

    public static ContainerUpdate ToUpdate(UpdateContainerRequest request)
    {
        var problems = new List<string>();
        if (request is { HasMemoryBytes: true, MemoryBytes: <= 0 } or { HasNanoCpus: true, NanoCpus: <= 0 })
        {
            problems.Add("A limit of memory or processors can be changed but not taken away while the container exists.");
        }

        var update = new ContainerUpdate
        {
            Resources = new RuntimeResources
            {
                Memory = request.MemoryBytes,

                // As if it had been given at the creation: otherwise a larger limit would be refused for the swap
                // that goes with the old one.
                MemorySwap = request.MemoryBytes * 2,
                NanoCpus = request.NanoCpus,
            },
            PidsLimit = request.HasPidsLimit ? request.PidsLimit : null,
            RestartPolicy = request.RestartPolicy is null ? null : ToRestartPolicy(request.RestartPolicy, problems),
        };
        return problems.Count == 0 ? update : throw EngineException.InvalidArgument(string.Join(' ', problems));
    }

    public static Resources ToResources(RuntimeResources resources) => new()
    {
        MemoryBytes = resources.Memory,
        NanoCpus = resources.NanoCpus,
        PidsLimit = Math.Max(0, resources.PidsLimit),
    };

    public static State ToState(EngineState state) => state switch
    {
        EngineState.Created => State.Created,
        EngineState.Running => State.Running,
        EngineState.Paused => State.Paused,
        EngineState.Restarting => State.Restarting,
        EngineState.Exited => State.Exited,
        EngineState.Removing => State.Removing,
        EngineState.Dead => State.Dead,
        _ => State.Unspecified,
    };

    public static PortBinding ToPort(EnginePort port) => new()
    {
        ContainerPort = port.ContainerPort,
        Protocol = (PortProtocol)((int)port.Protocol + 1),
        HostAddress = port.HostAddress,
        HostPort = port.HostPort,
    };

    private static EnginePort ToEnginePort(PortBinding port, List<string> problems)
    {
        if (port.ContainerPort is < 1 or > 65535 || port.HostPort is < 0 or > 65535)
        {
            problems.Add($"Ports are 1 to 65535: {port.HostPort}:{port.ContainerPort} is not.");
        }

        return new EnginePort
        {
            ContainerPort = port.ContainerPort,
            Protocol = port.Protocol switch
            {
                PortProtocol.Udp => EngineProtocol.Udp,
                PortProtocol.Sctp => EngineProtocol.Sctp,
                _ => EngineProtocol.Tcp,
            },
            HostAddress = port.HostAddress,
            HostPort = port.HostPort,
        };
    }

    private static EngineRestart ToRestartPolicy(Contracts.Containers.V1.RestartPolicy? policy, List<string> problems)
    {
        if (policy is null)
        {
            return EngineRestart.No;
        }

        if (policy.MaximumRetries < 0)
        {
            problems.Add("The number of restarts can't be negative.");
        }

        var kind = policy.Kind switch
        {
            Contracts.Containers.V1.RestartPolicyKind.OnFailure => EngineRestartKind.OnFailure,
            Contracts.Containers.V1.RestartPolicyKind.Always => EngineRestartKind.Always,
            Contracts.Containers.V1.RestartPolicyKind.UnlessStopped => EngineRestartKind.UnlessStopped,
            _ => EngineRestartKind.No,
        };
        return new EngineRestart(kind, policy.MaximumRetries);
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
