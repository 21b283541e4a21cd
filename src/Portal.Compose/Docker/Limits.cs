using System.Text.Json.Nodes;
using Portal.Compose.Nodes;

namespace Portal.Compose.Docker;

/// <summary>What a container may use.</summary>
internal static class Limits
{
    public static JsonObject Of(ComposeMap definition)
    {
        var resources = definition.Map("deploy")?.Map("resources");
        var limits = resources?.Map("limits");
        var reservations = resources?.Map("reservations");
        var made = Json.Object(
            ("NanoCpus", Json.Billionths(definition, "cpus") ?? Json.Billionths(limits, "cpus")),
            ("Memory", Json.Number(definition, "mem_limit") ?? Json.Number(limits, "memory")),
            ("MemoryReservation", Json.Number(definition, "mem_reservation") ?? Json.Number(reservations, "memory")),
            ("MemorySwap", Json.Number(definition, "memswap_limit")),
            ("MemorySwappiness", Json.Number(definition, "mem_swappiness")),
            ("PidsLimit", Json.Number(definition, "pids_limit") ?? Json.Number(limits, "pids")),
            ("ShmSize", Json.Number(definition, "shm_size")),
            ("OomKillDisable", Json.Flag(definition, "oom_kill_disable")),
            ("OomScoreAdj", Json.Number(definition, "oom_score_adj")),
            ("CpuCount", Json.Number(definition, "cpu_count")),
            ("CpuPercent", Json.Number(definition, "cpu_percent")),
            ("CpuShares", Json.Number(definition, "cpu_shares")),
            ("CpuQuota", Json.Number(definition, "cpu_quota")),
            ("CpuPeriod", Json.Number(definition, "cpu_period")),
            ("CpuRealtimePeriod", Microseconds(definition, "cpu_rt_period")),
            ("CpuRealtimeRuntime", Microseconds(definition, "cpu_rt_runtime")),
            ("CpusetCpus", Json.Text(definition, "cpuset")),
            ("Ulimits", Ulimits(definition.Map("ulimits"))));
        if (definition.Map("blkio_config") is { } blkio)
        {
            foreach (var (name, value) in Blkio(blkio))
            {
                made[name] = value?.DeepClone();
            }
        }

        return made;
    }

    private static JsonNode? Microseconds(ComposeMap definition, string key) =>
        Json.Time(definition, key) is { } time ? JsonValue.Create((long)time.TotalMicroseconds) : null;

    private static JsonNode? Ulimits(ComposeMap? limits) => Json.Items(
        from limit in limits?.Entries ?? []
        let map = limit.Value as ComposeMap
        select Json.Object(("Name", limit.Key), ("Soft", Json.Number(map, "soft")), ("Hard", Json.Number(map, "hard"))));

    private static JsonObject Blkio(ComposeMap blkio) => Json.Object(
        ("BlkioWeight", Json.Number(blkio, "weight")),
        ("BlkioWeightDevice", Rates(blkio, "weight_device", "weight", "Weight")),
        ("BlkioDeviceReadBps", Rates(blkio, "device_read_bps", "rate", "Rate")),
        ("BlkioDeviceReadIOps", Rates(blkio, "device_read_iops", "rate", "Rate")),
        ("BlkioDeviceWriteBps", Rates(blkio, "device_write_bps", "rate", "Rate")),
        ("BlkioDeviceWriteIOps", Rates(blkio, "device_write_iops", "rate", "Rate")));

    private static JsonNode? Rates(ComposeMap blkio, string key, string from, string name) => Json.Items(
        blkio.Items(key).OfType<ComposeMap>()
            .Select(rate => Json.Object(("Path", Json.Text(rate, "path")), (name, Json.Number(rate, from)))));
}
