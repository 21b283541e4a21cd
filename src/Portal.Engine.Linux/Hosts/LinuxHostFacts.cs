using System.Runtime.InteropServices;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Hosts;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Runtime.AppArmor;
using Portal.Engine.Linux.Stats;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Hosts;

/// <summary>
/// Reads facts from <c>/proc</c>, <c>/etc/os-release</c> and the runtime. Read once, but for memory and processors,
/// which can be plugged.
/// </summary>
internal sealed class LinuxHostFacts(
    IContainerRuntime runtime, CgroupTree cgroups, AppArmorProfiles appArmor, EngineOptions options) : IHostFacts
{
    private readonly ProcFiles _proc = new("/proc");
    private HostFacts? _known;

    public async Task<HostFacts> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_known is not { } facts)
        {
            var info = await ReadRuntimeAsync(cancellationToken).ConfigureAwait(false);
            facts = ReadFixed(info);

            // A host without a working runtime may get one while we run: ask again then.
            _known = info is null ? null : facts;
        }

        return facts with
        {
            Cpus = _proc.ReadCpu().Processors,
            MemoryBytes = _proc.ReadMemory().Total,
            Hostname = Environment.MachineName,
            Ipv4Forwarding = IsOn("/proc/sys/net/ipv4/ip_forward"),
            BridgeFilters = IsOn("/proc/sys/net/bridge/bridge-nf-call-iptables"),
            BridgeFilters6 = IsOn("/proc/sys/net/bridge/bridge-nf-call-ip6tables"),
        };
    }

    internal static string FindRelease(IEnumerable<string> lines, string key)
    {
        var prefix = key + "=";
        var line = lines.FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal));
        return line is null ? "" : line[prefix.Length..].Trim().Trim('"', '\'');
    }

    private async Task<RuntimeInfo?> ReadRuntimeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await runtime.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException exception) when (exception.Kind == EngineErrorKind.Unavailable)
        {
            return null;
        }
    }

    private HostFacts ReadFixed(RuntimeInfo? info)
    {
        var release = (StatFile.ReadText("/etc/os-release") ?? StatFile.ReadText("/usr/lib/os-release") ?? "").Split('\n');
        var system = FindRelease(release, "PRETTY_NAME");
        return new HostFacts
        {
            Hostname = Environment.MachineName,
            MachineId = StatFile.ReadText("/etc/machine-id")?.Trim() ?? "",
            OperatingSystem = system.Length > 0 ? system : "Linux",
            OperatingSystemVersion = FindRelease(release, "VERSION_ID"),
            KernelVersion = StatFile.ReadText("/proc/sys/kernel/osrelease")?.Trim() ?? "",
            Architecture = KernelName(RuntimeInformation.OSArchitecture),
            PlatformArchitecture = PlatformName(RuntimeInformation.OSArchitecture),
            CgroupVersion = cgroups.Version == 2 ? "2" : "1",
            Runtime = info?.Name ?? "",
            RuntimeVersion = info?.Version ?? "",
            MonitorVersion = info?.MonitorVersion ?? "",
            BootTime = DateTimeOffset.FromUnixTimeSeconds(_proc.ReadBootTime()),
            SecurityOptions = [.. ReadSecurity()],
            SwapLimit = cgroups.HasSwapLimit,
            KernelMemoryTcp = cgroups.HasVersion1File("memory.kmem.tcp.limit_in_bytes"),
            OomKillDisable = cgroups.HasVersion1File("memory.oom_control"),
        };
    }

    private IEnumerable<string> ReadSecurity()
    {
        if (appArmor.IsEnabled)
        {
            yield return "name=apparmor";
        }

        yield return "name=seccomp,profile=builtin";
        if (options.UsernsRemap.Length > 0)
        {
            yield return "name=userns";
        }

        if (cgroups.Version == 2)
        {
            yield return "name=cgroupns";
        }
    }

    private static bool IsOn(string path) => StatFile.ReadText(path)?.Trim() == "1";

    private static string KernelName(Architecture architecture) => architecture switch
    {
        Architecture.X64 => "x86_64",
        Architecture.Arm64 => "aarch64",
        Architecture.X86 => "i686",
        Architecture.Arm => "armv7l",
        _ => architecture.ToString().ToLowerInvariant(),
    };

    private static string PlatformName(Architecture architecture) => architecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.X86 => "386",
        _ => architecture.ToString().ToLowerInvariant(),
    };
}
