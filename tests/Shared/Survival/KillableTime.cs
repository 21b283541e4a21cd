namespace Portal.Testing.Survival;

/// <summary>
/// The clock of an engine that can be killed: no timer of a dead one fires. It would go on with what the engine was at, in the thread that
/// lets time pass, which then waits for good in the next call.
/// </summary>
internal sealed class KillableTime(TimeProvider inner, KillSwitch kill) : TimeProvider
{
    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        return inner.CreateTimer(
            given =>
            {
                if (!kill.Killed.IsCompleted)
                {
                    callback(given);
                }
            },
            state,
            dueTime,
            period);
    }
}
