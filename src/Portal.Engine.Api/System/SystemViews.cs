using System.Runtime.InteropServices;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.System.Models;
using Portal.Engine.Hosting;
using Portal.Engine.Hosts;

namespace Portal.Engine.Api.System;

/// <summary>The engine in Docker's shapes.</summary>
internal static class SystemViews
{
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
            RegistryConfig = new RegistryConfigModel
            {
                InsecureRegistryCIDRs = ["127.0.0.0/8", "::1/128"],
                IndexConfigs = new[] { new IndexModel { Name = "docker.io", Secure = true, Official = true } }
                    .Concat(options.InsecureRegistries.Select(name => new IndexModel { Name = name }))
                    .ToDictionary(index => index.Name),
            },
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
