using System.Globalization;
using System.Text.Json;

namespace Portal.Compose.Proposals;

/// <summary>The settings of a service that stand for one of the container's each, written beside those that need more thought.</summary>
internal static class ServiceSettings
{
    private const int Indent = 4;
    private const long UsualShm = 64 * 1024 * 1024;
    private const string UsualLog = "json-file";

    // What engines take by themselves: naming it would tie the file to a host.
    private static readonly string[] s_usualRuntimes = ["runc", "crun", "io.containerd.runc.v2"];

    private static readonly (string Found, string Key)[] s_lists =
    [
        ("CapAdd", "cap_add"), ("CapDrop", "cap_drop"), ("Dns", "dns"), ("DnsSearch", "dns_search"), ("DnsOptions", "dns_opt"),
        ("ExtraHosts", "extra_hosts"), ("GroupAdd", "group_add"), ("SecurityOpt", "security_opt"),
        ("DeviceCgroupRules", "device_cgroup_rules"),
    ];

    private static readonly (string Found, string Key)[] s_numbers =
    [
        ("Memory", "mem_limit"), ("MemoryReservation", "mem_reservation"), ("MemorySwap", "memswap_limit"), ("CpuShares", "cpu_shares"),
        ("CpuQuota", "cpu_quota"), ("CpuPeriod", "cpu_period"), ("PidsLimit", "pids_limit"), ("OomScoreAdj", "oom_score_adj"),
    ];

    private static readonly (string Found, string Key, string[] Usual)[] s_texts =
    [
        ("CpusetCpus", "cpuset", []), ("UsernsMode", "userns_mode", []), ("CgroupParent", "cgroup_parent", []),
        ("IpcMode", "ipc", ["private", "shareable"]), ("PidMode", "pid", []), ("UTSMode", "uts", []),
    ];

    private static readonly (string Found, string Key)[] s_flags =
    [
        ("Privileged", "privileged"), ("ReadonlyRootfs", "read_only"), ("Init", "init"), ("OomKillDisable", "oom_kill_disable"),
    ];

    public static void Write(YamlText text, JsonElement? host)
    {
        Restart(text, host.Find("RestartPolicy"));
        foreach (var (found, key) in s_flags.Where(flag => host.Flag(flag.Found)))
        {
            text.Plain(Indent, key, "true");
        }

        foreach (var (found, key) in s_lists)
        {
            text.List(Indent, key, host.Texts(found) ?? []);
        }

        foreach (var (found, key) in s_numbers)
        {
            if (host.Number(found) is not 0 and var number)
            {
                text.Plain(Indent, key, number.ToString(CultureInfo.InvariantCulture));
            }
        }

        if (host.Number("NanoCpus") is > 0 and var cpus)
        {
            text.Plain(Indent, "cpus", (cpus / 1e9).ToString("0.#########", CultureInfo.InvariantCulture));
        }

        if (host.Number("ShmSize") is > 0 and not UsualShm and var shm)
        {
            text.Plain(Indent, "shm_size", shm.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var (found, key, usual) in s_texts)
        {
            if (host.Text(found) is { Length: > 0 } value && !usual.Contains(value))
            {
                text.Value(Indent, key, value);
            }
        }

        if (host.Text("Runtime") is { Length: > 0 } runtime && !s_usualRuntimes.Contains(runtime))
        {
            text.Value(Indent, "runtime", runtime);
        }

        Pairs(text, "sysctls", host.Pairs("Sysctls"));
        text.List(
            Indent, "tmpfs", [.. host.Pairs("Tmpfs").Select(pair => pair.Value.Length > 0 ? $"{pair.Name}:{pair.Value}" : pair.Name)]);
        text.List(Indent, "devices", [.. host.Items("Devices").Select(DeviceOf)]);
        Ulimits(text, host);
        Logging(text, host.Find("LogConfig"));
        Gpus(text, host);
    }

    public static void Pairs(YamlText text, string key, IEnumerable<(string Name, string Value)> pairs)
    {
        var all = pairs.ToList();
        if (all.Count > 0)
        {
            text.Key(Indent, key);
            all.ForEach(pair => text.Value(Indent + 2, pair.Name, pair.Value));
        }
    }

    private static void Restart(YamlText text, JsonElement? policy)
    {
        if (policy.Text("Name") is { Length: > 0 } name and not "no")
        {
            var most = policy.Number("MaximumRetryCount");
            text.Value(Indent, "restart", most > 0 ? string.Create(CultureInfo.InvariantCulture, $"{name}:{most}") : name);
        }
    }

    private static string DeviceOf(JsonElement? device)
    {
        var (host, inside, rights) = (device.Text("PathOnHost"), device.Text("PathInContainer"), device.Text("CgroupPermissions"));
        var place = inside.Length > 0 ? inside : host;
        return rights is "" or "rwm" ? $"{host}:{place}" : $"{host}:{place}:{rights}";
    }

    private static void Ulimits(YamlText text, JsonElement? host)
    {
        var limits = host.Items("Ulimits").Where(limit => limit.Text("Name").Length > 0).ToList();
        if (limits.Count > 0)
        {
            text.Key(Indent, "ulimits");
        }

        foreach (var limit in limits)
        {
            text.Key(Indent + 2, limit.Text("Name"));
            text.Plain(Indent + 4, "soft", limit.Number("Soft").ToString(CultureInfo.InvariantCulture));
            text.Plain(Indent + 4, "hard", limit.Number("Hard").ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void Logging(YamlText text, JsonElement? log)
    {
        var options = log.Pairs("Config").ToList();
        if (log.Text("Type") is not { Length: > 0 } driver || (driver == UsualLog && options.Count == 0))
        {
            return;
        }

        text.Key(Indent, "logging");
        text.Value(Indent + 2, "driver", driver);
        if (options.Count > 0)
        {
            text.Key(Indent + 2, "options");
            options.ForEach(option => text.Value(Indent + 4, option.Name, option.Value));
        }
    }

    private static void Gpus(YamlText text, JsonElement? host)
    {
        var all = host.Items("DeviceRequests").Any(request => request.Number("Count") == -1);
        if (all)
        {
            text.Value(Indent, "gpus", "all");
        }
    }
}
