namespace Portal.Engine.Images.Installing;

/// <summary>Passes on progress of one item: every change of phase, and within a phase at most one report every 100 ms.</summary>
internal sealed class ProgressThrottle(IProgress<TransferProgress>? target, string item, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private readonly Lock _gate = new();
    private TransferPhase? _phase;
    private long _last;

    public void Report(TransferPhase phase, long current = 0, long? total = null, string? message = null)
    {
        if (target is null)
        {
            return;
        }

        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (phase == _phase && message is null && time.GetElapsedTime(_last, now) < s_interval)
            {
                return;
            }

            _phase = phase;
            _last = now;
        }

        target.Report(new TransferProgress(item, phase, current, total, message));
    }
}
