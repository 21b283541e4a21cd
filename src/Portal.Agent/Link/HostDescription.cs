using System.Runtime.InteropServices;
using Portal.Agent.Services;
using Portal.Contracts.Link;

namespace Portal.Agent.Link;

/// <summary>What this host says of itself when it asks to become a node, without its engine.</summary>
internal static class HostDescription
{
    public static HostSummary Read() => new()
    {
        OperatingSystem = NodeDescription.ReadOperatingSystem("/etc/os-release"),
        KernelVersion = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Architecture = NodeDescription.GoArchitecture(RuntimeInformation.OSArchitecture),
        Cpus = Environment.ProcessorCount,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    };
}
