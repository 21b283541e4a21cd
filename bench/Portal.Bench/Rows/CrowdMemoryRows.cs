using Portal.Bench.Peers;

namespace Portal.Bench.Rows;

/// <summary>What daemons and monitors take of the machine's memory, with none, some and many containers, some seconds after the last start.</summary>
internal sealed class CrowdMemoryRows(BenchOptions options)
{
    // Daemons give back what starting containers took once they have done it: an idle host is what this is about.
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(10);

    // By peer and number of containers: what the daemons and what all monitors take, in bytes. Making them takes long: both are read at once.
    private readonly Dictionary<(string Peer, int Count), (long Daemons, long Monitors)> _read = [];

    /// <summary>The row that comes first: of daemons that have done nothing yet but load an image.</summary>
    public Row AtRest() => Daemons(0, null);

    public IEnumerable<Row> With(int count, double? daemonsTarget, double? monitorsTarget) =>
    [
        Daemons(count, daemonsTarget),
        new($"memory of a monitor, of {count}", "MB", 1, monitorsTarget, async peer =>
            Positive((await ReadAsync(peer, count)).Monitors) / 1e6 / count) { WarmsUp = false },
    ];

    private Row Daemons(int count, double? target) =>
        new($"memory of the daemons with {count} containers", "MB", 1, target, async peer =>
            Positive((await ReadAsync(peer, count)).Daemons) / 1e6) { WarmsUp = false };

    private static long Positive(long bytes) => bytes > 0 ? bytes : throw new InvalidOperationException("it has no such process");

    private async Task<(long Daemons, long Monitors)> ReadAsync(IPeer peer, int count)
    {
        if (!_read.TryGetValue((peer.Name, count), out var read))
        {
            await Crowds.StartAsync(peer, count);
            try
            {
                await Task.Delay(options.Smoke ? TimeSpan.Zero : s_rest);
                read = (ProcessMemory.ProportionalBytes(peer, monitors: false), ProcessMemory.ProportionalBytes(peer, monitors: true));
                _read[(peer.Name, count)] = read;
            }
            finally
            {
                await Crowds.RemoveAsync(peer, count);
            }
        }

        return read;
    }
}
