using Portal.Engine.Api.Containers.Models;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>
/// Finds what a request asks for and this engine does not do. What a program would miss, or what was meant to confine
/// it, is an error; what only
/// tunes it is a warning. Nothing is dropped silently.
/// </summary>
internal static class Unsupported
{
    public static void Find(ContainerCreateRequest request, List<string> problems, List<string> warnings)
    {
        FindProblems(request.HostConfig ?? new HostConfigModel(), problems);
        FindWarnings(request, request.HostConfig ?? new HostConfigModel(), warnings);
    }

    private static void FindProblems(HostConfigModel host, List<string> problems)
    {
        void Require(bool fine, string what)
        {
            if (!fine)
            {
                problems.Add($"{what} is not available in this engine yet");
            }
        }

        Require(IsEmpty(host.VolumesFrom), "HostConfig.VolumesFrom (--volumes-from)");
        Require(IsEmpty(host.Devices), "HostConfig.Devices (--device)");
        Require(IsEmpty(host.DeviceRequests), "HostConfig.DeviceRequests (--gpus)");
        Require(IsEmpty(host.DeviceCgroupRules), "HostConfig.DeviceCgroupRules (--device-cgroup-rule)");
        Require(IsEmpty(host.Links), "HostConfig.Links (--link)");
        Require(IsEmpty(host.GroupAdd), "HostConfig.GroupAdd (--group-add)");
        Require(host.PidMode is "" or "private", "HostConfig.PidMode (--pid)");
        Require(host.IpcMode is "" or "private" or "shareable", "HostConfig.IpcMode (--ipc)");
        Require(host.UtsMode.Length == 0, "HostConfig.UTSMode (--uts)");
        Require(host.UsernsMode is "" or "host", "HostConfig.UsernsMode (--userns)");
        Require(host.CgroupParent.Length == 0, "HostConfig.CgroupParent (--cgroup-parent)");
        Require(host.Runtime is "" or "runc" or "crun" or "io.containerd.runc.v2", $"Runtime '{host.Runtime}' (--runtime)");
        Require(host.Isolation is "" or "default", "HostConfig.Isolation (--isolation)");
        Require(host.StorageOpt is null or { Count: 0 }, "HostConfig.StorageOpt (--storage-opt)");
        Require(host.Sysctls is null or { Count: 0 }, "HostConfig.Sysctls (--sysctl)");
    }

    private static void FindWarnings(ContainerCreateRequest request, HostConfigModel host, List<string> warnings)
    {
        void Expect(bool fine, string what)
        {
            if (!fine)
            {
                warnings.Add($"{what} is not available in this engine yet and was ignored.");
            }
        }

        Expect(IsEmpty(host.Ulimits), "HostConfig.Ulimits (--ulimit)");
        Expect(host.OomScoreAdj == 0, "HostConfig.OomScoreAdj (--oom-score-adj)");
        Expect(host.OomKillDisable is not true, "HostConfig.OomKillDisable (--oom-kill-disable)");
        Expect(host.MemorySwappiness is null or -1, "HostConfig.MemorySwappiness (--memory-swappiness)");
        Expect(host.BlkioWeight == 0, "HostConfig.BlkioWeight (--blkio-weight)");
        Expect(
            IsEmpty(host.BlkioWeightDevice) && IsEmpty(host.BlkioDeviceReadBps) && IsEmpty(host.BlkioDeviceWriteBps)
                && IsEmpty(host.BlkioDeviceReadIOps) && IsEmpty(host.BlkioDeviceWriteIOps),
            "A limit of block I/O (--device-read-bps and its kin)");
        Expect(host.CpusetMems.Length == 0, "HostConfig.CpusetMems (--cpuset-mems)");
        Expect(host.CpuRealtimePeriod == 0 && host.CpuRealtimeRuntime == 0, "Real-time scheduling (--cpu-rt-period, --cpu-rt-runtime)");
        Expect(host.Annotations is null or { Count: 0 }, "HostConfig.Annotations (--annotation)");
        Expect(host.CgroupnsMode is "" or "private" or "host", "HostConfig.CgroupnsMode (--cgroupns)");
        Expect(string.IsNullOrEmpty(request.MacAddress), "MacAddress (--mac-address)");
    }

    private static bool IsEmpty<T>(List<T>? list) => list is null or { Count: 0 };
}
