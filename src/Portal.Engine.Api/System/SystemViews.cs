using System.Runtime.InteropServices;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.System.Models;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Hosting;
using Portal.Engine.Hosts;

namespace Portal.Engine.Api.System;

/// <summary>The engine in Docker's shapes.</summary>
internal static class SystemViews
{
    private const string DockerHub = "docker.io";

    public static VersionModel Version(HostFacts facts)
    {
        return new VersionModel
        {
            Version = EngineVersion.Current,
            GitCommit = EngineVersion.Commit,
            GoVersion = RuntimeInformation.FrameworkDescription,
            Arch = facts.PlatformArchitecture,
            KernelVersion = facts.KernelVersion,
            Components = [.. Components(facts)],
        };
    }

    public static InfoModel Info(HostFacts facts, EngineOptions options, DateTimeOffset now)
    {
        return new InfoModel
        {
            ID = $"{options.Name}:{facts.MachineId}",
            Driver = facts.StorageDriver,
            SwapLimit = facts.SwapLimit,
            KernelMemoryTCP = facts.KernelMemoryTcp,
            OomKillDisable = facts.OomKillDisable,
            IPv4Forwarding = facts.Ipv4Forwarding,
            BridgeNfIptables = facts.BridgeFilters,
            BridgeNfIp6tables = facts.BridgeFilters6,
            CdiFolders = [.. options.CdiFolders],
            SystemTime = GoTime.Format(now),
            CgroupDriver = facts.CgroupDriver,
            CgroupVersion = facts.CgroupVersion,
            KernelVersion = facts.KernelVersion,
            OperatingSystem = facts.OperatingSystem,
            OSVersion = facts.OperatingSystemVersion,
            Architecture = facts.Architecture,
            NCPU = facts.Cpus,
            MemTotal = facts.MemoryBytes,
            DockerRootDir = options.DataRoot,
            Name = facts.Hostname,
            ServerVersion = EngineVersion.Current,
            Runtimes = facts.Runtime.Length == 0
                ? []
                : new Dictionary<string, RuntimeModel> { [facts.Runtime] = new(facts.Runtime) },
            DefaultRuntime = facts.Runtime,
            RuncCommit = new CommitModel(facts.RuntimeVersion),
            SecurityOptions = [.. facts.SecurityOptions],
            RegistryConfig = Registries(options),
            HttpProxy = RegistryProxyOptions.Mask(options.Registries.Proxy?.Http ?? ""),
            HttpsProxy = RegistryProxyOptions.Mask(options.Registries.Proxy?.Https ?? ""),
            NoProxy = options.Registries.Proxy?.Except ?? "",
        };
    }

    private static RegistryConfigModel Registries(EngineOptions options)
    {
        var mirrors = options.Registries.Mirrors.ToLookup(mirror => mirror.Registry, mirror => mirror.Address.ToString());
        var names = options.InsecureRegistries.Where(name => !name.Contains('/', StringComparison.Ordinal)).Distinct().ToList();
        return new RegistryConfigModel
        {
            InsecureRegistryCIDRs = ["127.0.0.0/8", "::1/128", .. options.InsecureRegistries.Except(names)],
            IndexConfigs = mirrors.Select(group => group.Key).Append(DockerHub).Concat(names).Distinct().ToDictionary(
                name => name,
                name => new IndexModel
                {
                    Name = name, Mirrors = [.. mirrors[name]], Secure = !names.Contains(name), Official = name == DockerHub,
                }),
            Mirrors = [.. mirrors[DockerHub]],
        };
    }

    private static IEnumerable<ComponentModel> Components(HostFacts facts)
    {
        yield return new ComponentModel("Engine", EngineVersion.Current, new Dictionary<string, string>
        {
            ["ApiVersion"] = ApiVersion.Newest.ToString(),
            ["Arch"] = facts.PlatformArchitecture,
            ["BuildTime"] = "",
            ["Experimental"] = "false",
            ["GitCommit"] = EngineVersion.Commit,
            ["GoVersion"] = RuntimeInformation.FrameworkDescription,
            ["KernelVersion"] = facts.KernelVersion,
            ["MinAPIVersion"] = ApiVersion.Oldest.ToString(),
            ["Os"] = "linux",
        });
        if (facts.Runtime.Length > 0)
        {
            yield return Component(facts.Runtime, facts.RuntimeVersion);
        }

        if (facts.MonitorVersion.Length > 0)
        {
            yield return Component("conmon", facts.MonitorVersion);
        }
    }

    private static ComponentModel Component(string name, string version)
    {
        return new ComponentModel(name, version, new Dictionary<string, string> { ["GitCommit"] = "" });
    }
}
