using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Stats;

namespace Portal.Engine.Api.Containers.Stats;

/// <summary>Samples in Docker's shape.</summary>
internal static class StatsViews
{
    /// <summary>One answer. Clients compute shares from the two samples in it.</summary>
    public static StatsModel Model(ContainerInfo container, ContainerSample? previous, ContainerSample? sample)
    {
        return new StatsModel
        {
            Name = $"/{container.Name}",
            Id = container.Id,
            Read = GoTime.Format(sample?.Time),
            PreviousRead = GoTime.Format(previous?.Time),
            Pids = new PidsModel { Current = sample?.Pids ?? 0, Limit = sample?.PidsLimit ?? 0 },
            Block = sample is null ? new BlockModel() : Block(sample),
            Cpu = Cpu(sample),
            PreviousCpu = Cpu(previous),
            Pressure = sample?.Details?.Pressure is { Count: > 0 } pressure
                ? pressure.ToDictionary(pair => pair.Key, pair => PressureModel.From(pair.Value))
                : null,
            Memory = sample is null ? new MemoryModel() : Memory(sample),
            Networks = sample is null || container.Spec.NetworkMode is "none" or "host" ? null : Networks(container, sample),
        };
    }

    private static CpuModel Cpu(ContainerSample? sample)
    {
        return sample is null
            ? new CpuModel()
            : new CpuModel
            {
                Usage = new CpuUsageModel
                {
                    Total = sample.CpuNanoseconds,
                    PerCpu = sample.Details?.PerCpuNanoseconds is { Count: > 0 } each ? [.. each] : null,
                    Kernel = sample.CpuKernelNanoseconds,
                    User = Math.Max(0, sample.CpuNanoseconds - sample.CpuKernelNanoseconds),
                },
                System = sample.SystemCpuNanoseconds,
                OnlineCpus = sample.OnlineCpus,
                Throttling = sample.Details is not { } details ? new ThrottlingModel() : new ThrottlingModel
                {
                    Periods = details.Periods,
                    ThrottledPeriods = details.ThrottledPeriods,
                    ThrottledTime = details.ThrottledNanoseconds,
                },
            };
    }

    /// <summary>Clients take the droppable cache off, by its name under cgroup v1 or v2: both are given.</summary>
    private static MemoryModel Memory(ContainerSample sample)
    {
        var stats = new Dictionary<string, long>(sample.Details?.Memory ?? new Dictionary<string, long>())
        {
            ["inactive_file"] = sample.MemoryCacheBytes,
            ["total_inactive_file"] = sample.MemoryCacheBytes,
        };
        return new MemoryModel
        {
            MaximumUsage = sample.Details?.MemoryMaximumBytes ?? 0,
            Failures = sample.Details?.MemoryFailures ?? 0,
            Usage = sample.MemoryBytes + sample.MemoryCacheBytes,
            Limit = sample.MemoryLimitBytes,
            Stats = stats,
        };
    }

    private static BlockModel Block(ContainerSample sample)
    {
        if (sample.Details is { } details)
        {
            return new BlockModel
            {
                Bytes = Entries(details.BlockBytes),
                Serviced = Entries(details.BlockOperations),
                Queued = [],
                ServiceTime = [],
                WaitTime = [],
                Merged = [],
                Time = [],
                Sectors = [],
            };
        }

        return new BlockModel
        {
            Bytes =
            [
                new BlockEntryModel { Operation = "read", Value = sample.BlockReadBytes },
                new BlockEntryModel { Operation = "write", Value = sample.BlockWriteBytes },
            ],
        };
    }

    private static Dictionary<string, InterfaceModel> Networks(ContainerInfo container, ContainerSample sample)
    {
        if (sample.Details is { } details)
        {
            return details.Interfaces.ToDictionary(counters => counters.Name, Interface);
        }

        // The counters are sums over all interfaces; clients sum up again, so they stand under the first one's name.
        var name = container.Network?.Endpoints is [var first, ..] ? first.InterfaceName : "eth0";
        return new Dictionary<string, InterfaceModel>
        {
            [name] = new() { ReceivedBytes = sample.NetworkReceiveBytes, SentBytes = sample.NetworkTransmitBytes },
        };
    }

    private static List<BlockEntryModel> Entries(IReadOnlyList<BlockCounter> counters) =>
        counters.Select(counter => new BlockEntryModel
        {
            Major = counter.Major,
            Minor = counter.Minor,
            Operation = counter.Operation,
            Value = counter.Value,
        }).ToList();

    private static InterfaceModel Interface(InterfaceCounters counters) => new()
    {
        ReceivedBytes = counters.ReceivedBytes,
        ReceivedPackets = counters.ReceivedPackets,
        ReceiveErrors = counters.ReceiveErrors,
        ReceiveDropped = counters.ReceiveDropped,
        SentBytes = counters.SentBytes,
        SentPackets = counters.SentPackets,
        SendErrors = counters.SendErrors,
        SendDropped = counters.SendDropped,
    };
}
