using Google.Protobuf;

namespace Portal.Agent.Consoles;

internal sealed partial class ConsoleSession
{
    /// <summary>What the next agent must know of it.</summary>
    public ConsoleEntry ToEntry(int leaps)
    {
        lock (_lock)
        {
            return new ConsoleEntry
            {
                Info = JsonFormatter.Default.Format(DescribeLocked()),
                ExecId = _program.ExecId,
                Keep = Description.Keep,
                IdleSeconds = (long)Description.Idle.TotalSeconds,
                Columns = _size.Columns,
                Rows = _size.Rows,
                Recorded = _recorded,
                Leaps = leaps,
            };
        }
    }

    // Whoever looks is sent to wait for the next agent, and whatever is held up goes on.
    private void OnLeft()
    {
        lock (_lock)
        {
            Pulse();
        }

        Taken();
    }
}
