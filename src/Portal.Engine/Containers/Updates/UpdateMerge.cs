using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Updates;

/// <summary>Puts new limits over old ones by Docker's rules, in Docker's words (moby, <c>container_unix.go</c>, UpdateContainer).</summary>
internal static class UpdateMerge
{
    /// <exception cref="EngineException">Conflict: the change does not go with what is set.</exception>
    public static ContainerSpec Apply(ContainerSpec spec, ContainerUpdate update)
    {
        if (update.RestartPolicy is { Kind: not RestartPolicyKind.No } && spec.AutoRemove)
        {
            throw EngineException.Conflict("Restart policy cannot be updated because AutoRemove is enabled for the container");
        }

        return spec with
        {
            Resources = Apply(spec.Resources, update),
            RestartPolicy = update.RestartPolicy ?? spec.RestartPolicy,
        };
    }

    private static RuntimeResources Apply(RuntimeResources old, ContainerUpdate update)
    {
        var given = update.Resources;
        var swap = given.MemorySwap != 0 ? given.MemorySwap : Swap(old);
        if (given.MemorySwap == 0 && given.Memory > 0 && swap >= 0 && given.Memory > swap)
        {
            throw EngineException.Conflict(
                "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time");
        }

        if (given.NanoCpus > 0 && (old.CpuPeriod != 0 || old.CpuQuota != 0))
        {
            throw EngineException.Conflict(
                $"Conflicting options: Nano CPUs cannot be updated as {Field(old)} has already been set");
        }

        if (old.NanoCpus > 0 && (given.CpuPeriod != 0 || given.CpuQuota != 0))
        {
            throw EngineException.Conflict(
                $"Conflicting options: {Field(given)} cannot be updated as NanoCPUs has already been set");
        }

        return old with
        {
            Memory = Given(given.Memory, old.Memory),
            MemorySwap = given.Memory != 0 || given.MemorySwap != 0 ? swap : old.MemorySwap,
            MemoryReservation = Given(given.MemoryReservation, old.MemoryReservation),
            NanoCpus = Given(given.NanoCpus, old.NanoCpus),
            CpuShares = Given(given.CpuShares, old.CpuShares),
            CpuPeriod = Given(given.CpuPeriod, old.CpuPeriod),
            CpuQuota = Given(given.CpuQuota, old.CpuQuota),
            CpuRealtimePeriod = Given(given.CpuRealtimePeriod, old.CpuRealtimePeriod),
            CpuRealtimeRuntime = Given(given.CpuRealtimeRuntime, old.CpuRealtimeRuntime),
            CpusetMems = given.CpusetMems.Length > 0 ? given.CpusetMems : old.CpusetMems,
            BlockIo = given.BlockIo.Weight != 0 ? old.BlockIo with { Weight = given.BlockIo.Weight } : old.BlockIo,
            CpusetCpus = given.CpusetCpus.Length > 0 ? given.CpusetCpus : old.CpusetCpus,
            PidsLimit = update.PidsLimit ?? old.PidsLimit,
        };
    }

    // A container with a limit of memory has one of swap too, twice as large when none was given. Unlike Docker, one without either may be
    // given a limit of memory alone.
    private static long Swap(RuntimeResources old) => old switch
    {
        { MemorySwap: not 0 } => old.MemorySwap,
        { Memory: > 0 } => old.Memory * 2,
        _ => -1,
    };

    private static string Field(RuntimeResources limits) => limits.CpuPeriod != 0 ? "CPU Period" : "CPU Quota";

    private static long Given(long value, long otherwise) => value != 0 ? value : otherwise;
}
