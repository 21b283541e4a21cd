using System.Globalization;
using Portal.Testing.Processes;

namespace Portal.Bench.Peers;

internal static class PeerExtensions
{
    /// <summary>Runs one of its commands to its end and gives its output; fails when it fails.</summary>
    public static Task<string> RunAsync(this IPeer peer, params string[] arguments) =>
        Tool.RunAsync(peer.Command[0], [.. peer.Command.Skip(1), .. arguments]);

    /// <summary>Processor time of its daemon since that began (proc_pid_stat(5), utime and stime).</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public static async Task<double> ProcessorSecondsAsync(this IPeer peer)
    {
        const double ticks = 100;
        var id = peer.DaemonId ?? throw new InvalidOperationException($"{peer.Name} has no daemon whose processor time counts");
        var text = await File.ReadAllTextAsync($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");

        // The second field is a name in parentheses, which may hold blanks; utime is the 14th.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / ticks;
    }
}
