using System.Globalization;
using System.Runtime.InteropServices;
using Portal.Agent.Link;
using Portal.Agent.Upgrades;
using Portal.Contracts.Hubs;
using Portal.Engine.Hosting;
using Portal.Engine.Hosts;
using Portal.Engine.Images.Hosts;
using Portal.Engine.Runtime;
using Portal.Engine.Stats;

namespace Portal.Agent.Services;

/// <summary>What the machine and its engine are. Read anew each time, as runtimes get upgraded and memory plugged
/// while the agent runs.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class NodeDescription(
    IContainerRuntime runtime, IStatsReader stats, EngineOptions engine, Hosting.AgentPaths paths, TimeProvider time,
    AgentUpgrade upgrade, IHostWarnings? warnings = null)
{
    private const string StorageDriver = "overlayfs";

    public DateTimeOffset AgentStartedAt { get; } = time.GetUtcNow();

    /// <summary>The machine and its engine, and the runtime's name and version apart.</summary>
    public async Task<(NodeFacts Facts, RuntimeInfo Runtime)> ReadAsync(CancellationToken cancellationToken)
    {
        var info = await runtime.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        var host = stats.ReadHost();
        var facts = new NodeFacts
        {
            Hostname = Environment.MachineName,
            OperatingSystem = ReadOperatingSystem("/etc/os-release"),
            KernelVersion = ReadLine("/proc/sys/kernel/osrelease"),
            Architecture = GoArchitecture(RuntimeInformation.OSArchitecture),
            Cpus = host.Cpus,
            MemoryBytes = host.MemoryTotalBytes,
            AgentVersion = JoinClient.AgentVersion,
            AgentBuild = upgrade.Build,
            UpgradeObstacle = upgrade.Obstacle,
            LastUpgrade = upgrade.LastEnd,
            Runtime = $"{info.Name} {info.Version}",
            MonitorVersion = info.MonitorVersion,
            CgroupVersion = info.CgroupVersion,
            StorageDriver = StorageDriver,
            AgentStartedAt = AgentStartedAt,
            InstanceName = engine.Name,
            DockerSocket = paths.DockerSocket,
            HasBusybox = HostBusyboxProgram.Find() is not null,
            RemapsUsers = engine.UsernsRemap.Length > 0,
            BootedAt = ReadBootTime(),
            Warnings = warnings?.Read() ?? [],
        };
        return (facts, info);
    }

    internal static string ReadOperatingSystem(string path)
    {
        // os-release(5): shell-like assignments, the value perhaps in quotes.
        const string Key = "PRETTY_NAME=";
        var line = File.Exists(path)
            ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal))
            : null;
        return line is null ? "Linux" : line[Key.Length..].Trim('"', '\'');
    }

    internal static string GoArchitecture(Architecture architecture) => architecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        Architecture.X86 => "386",
        Architecture.Arm => "arm",
        _ => architecture.ToString().ToLowerInvariant(),
    };

    private static string ReadLine(string path) => File.ReadAllText(path).Trim();

    private DateTimeOffset ReadBootTime()
    {
        // proc_uptime(5): seconds since boot come first.
        var seconds = double.Parse(ReadLine("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        return time.GetUtcNow() - TimeSpan.FromSeconds(seconds);
    }
}
