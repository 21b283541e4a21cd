using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Runtime.Oci.Limits;
using Portal.Engine.Runtime.Limits;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>Makes the runtime's limits of block I/O of ours: it knows devices by number.</summary>
internal static class BlockIoTranslator
{
    /// <exception cref="EngineException">InvalidArgument: a path is no block device.</exception>
    public static OciBlockIo? Translate(BlockIoLimits limits)
    {
        var io = new OciBlockIo
        {
            Weight = limits.Weight > 0 ? limits.Weight : null,
            WeightDevice = limits.DeviceWeights.Count == 0 ? null : [.. limits.DeviceWeights.Select(ToWeight)],
            ThrottleReadBpsDevice = ToRates(limits.ReadBps),
            ThrottleWriteBpsDevice = ToRates(limits.WriteBps),
            ThrottleReadIopsDevice = ToRates(limits.ReadIops),
            ThrottleWriteIopsDevice = ToRates(limits.WriteIops),
        };
        return io == new OciBlockIo() ? null : io;
    }

    private static OciThrottleDevice[]? ToRates(IReadOnlyList<DeviceRate> rates)
    {
        return rates.Count == 0 ? null : [.. rates.Select(rate =>
        {
            var device = Find(rate.Path);
            return new OciThrottleDevice(device.DeviceMajor, device.DeviceMinor, rate.Rate);
        })];
    }

    private static OciWeightDevice ToWeight(DeviceWeight weight)
    {
        var device = Find(weight.Path);
        return new OciWeightDevice(device.DeviceMajor, device.DeviceMinor, weight.Weight);
    }

    private static FileStatus Find(string path)
    {
        var status = DeviceNodes.ReadFollowing(path)
            ?? throw EngineException.InvalidArgument($"stat {path}: no such file or directory");
        return status.IsBlockDevice ? status : throw EngineException.InvalidArgument($"{path} is no block device");
    }
}
