namespace Portal.Engine.Volumes.Backups;

/// <summary>Tells how far a transfer is, not more often than somebody can look. One caller at a time.</summary>
internal sealed class TransferMeter(IProgress<VolumeTransferProgress>? progress, TimeProvider time, long? totalBytes)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private VolumeTransferPhase _phase;
    private long _entries;
    private long _bytes;
    private long _told;
    private IReadOnlyList<string> _held = [];

    public void Begin(VolumeTransferPhase phase, IReadOnlyList<string>? held = null)
    {
        _phase = phase;
        _held = held ?? _held;
        Tell();
    }

    public void Count(long entries, long bytes)
    {
        (_entries, _bytes) = (entries, bytes);
        if (time.GetElapsedTime(_told) > s_interval)
        {
            Tell();
        }
    }

    private void Tell()
    {
        _told = time.GetTimestamp();
        progress?.Report(new VolumeTransferProgress(_phase, _entries, _bytes, totalBytes, _held));
    }
}
