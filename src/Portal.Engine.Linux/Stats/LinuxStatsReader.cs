using Portal.Engine.Hosting;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Stats;

namespace Portal.Engine.Linux.Stats;

/// <summary>Reads cgroups and <c>/proc</c>. One serves the whole process.</summary>
internal sealed class LinuxStatsReader(CgroupTree cgroups, EngineOptions options, TimeProvider time) : IStatsReader
{
    private static readonly TimeSpan s_sharedAge = TimeSpan.FromMilliseconds(20);
    private readonly ProcFiles _proc = new("/proc");
    private readonly OpenCgroups _open = new(cgroups);
    private readonly Lock _gate = new();
    private (long Total, long Idle) _previous;
    private (long Time, long System, int Processors, long Memory)? _shared;

    public ContainerSample? ReadContainer(string containerId, int processId)
    {
        if (_open.Read(containerId) is not { } counters)
        {
            return null;
        }

        var (system, processors, total) = ReadShared();
        var (received, sent) = _proc.ReadNetwork(processId);
        return new ContainerSample
        {
            ContainerId = containerId,
            Time = time.GetUtcNow(),
            CpuNanoseconds = counters.CpuNanoseconds,
            CpuKernelNanoseconds = counters.CpuKernelNanoseconds,
            SystemCpuNanoseconds = system,
            OnlineCpus = processors,
            MemoryBytes = Math.Max(counters.MemoryBytes - counters.MemoryCacheBytes, 0),
            MemoryCacheBytes = counters.MemoryCacheBytes,
            MemoryLimitBytes = Math.Min(counters.MemoryLimitBytes ?? long.MaxValue, total),
            Pids = counters.Pids,
            PidsLimit = counters.PidsLimit ?? 0,
            NetworkReceiveBytes = received,
            NetworkTransmitBytes = sent,
            BlockReadBytes = counters.BlockReadBytes,
            BlockWriteBytes = counters.BlockWriteBytes,
        };
    }

    public ContainerDetails? ReadDetails(string containerId, int processId)
    {
        var details = cgroups.Version == 2
            ? DetailReader.ReadV2(cgroups.Folder(containerId, "")!)
            : DetailReader.ReadV1(controller => cgroups.Folder(containerId, controller));
        return details with { Interfaces = _proc.ReadInterfaces(processId) };
    }

    public void Retain(Predicate<string> isWatched) => _open.Retain(isWatched);

    public HostSample ReadHost()
    {
        var (total, idle, processors) = _proc.ReadCpu();
        var (memory, available) = _proc.ReadMemory();
        var (diskTotal, diskUsed) = ReadDisk();
        return new HostSample
        {
            Time = time.GetUtcNow(),
            Cpus = processors,
            CpuShare = ShareSincePrevious(total, idle),
            Load1 = _proc.ReadLoad(),
            MemoryTotalBytes = memory,
            MemoryUsedBytes = memory - available,
            DiskTotalBytes = diskTotal,
            DiskUsedBytes = diskUsed,
        };
    }

    // The same for all containers of a round: read once for all that are sampled within some milliseconds.
    private (long System, int Processors, long Memory) ReadShared()
    {
        lock (_gate)
        {
            if (_shared is not { } shared || time.GetElapsedTime(shared.Time) > s_sharedAge)
            {
                var (system, _, processors) = _proc.ReadCpu();
                shared = (time.GetTimestamp(), system, processors, _proc.ReadMemory().Total);
                _shared = shared;
            }

            return (shared.System, shared.Processors, shared.Memory);
        }
    }

    private double ShareSincePrevious(long total, long idle)
    {
        lock (_gate)
        {
            var (previousTotal, previousIdle) = _previous;
            _previous = (total, idle);
            var passed = total - previousTotal;
            return previousTotal == 0 || passed <= 0 ? 0 : Math.Clamp(1 - ((double)(idle - previousIdle) / passed), 0, 1);
        }
    }

    private (long Total, long Used) ReadDisk()
    {
        try
        {
            var drive = new DriveInfo(options.DataRoot);
            return (drive.TotalSize, drive.TotalSize - drive.TotalFreeSpace);
        }
        catch (IOException)
        {
            // The data folder is not there yet.
            return (0, 0);
        }
    }
}
