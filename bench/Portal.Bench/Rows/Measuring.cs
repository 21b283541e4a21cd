using System.Text.RegularExpressions;
using Portal.Bench.Peers;

namespace Portal.Bench.Rows;

/// <summary>Runs a row on all peers in turn.</summary>
internal static partial class Measuring
{
    public static async Task<RowResult> MeasureAsync(Row row, IReadOnlyList<IPeer> peers)
    {
        var figures = peers.ToDictionary(peer => peer.Name, _ => new List<double>());
        var problems = peers.Where(peer => peer.Unavailable is not null).ToDictionary(peer => peer.Name, peer => peer.Unavailable!);
        for (var round = row.WarmsUp ? 0 : 1; round <= row.Rounds; round++)
        {
            foreach (var peer in peers.Where(peer => !problems.ContainsKey(peer.Name) && (peer is PortalPeer || !row.IsOwnAlone)))
            {
                try
                {
                    var figure = await row.MeasureAsync(peer);

                    // The first warms up caches and just-in-time compilers.
                    if (round > 0)
                    {
                        figures[peer.Name].Add(figure);
                    }
                }
                catch (Exception failure) when (failure is InvalidOperationException or TimeoutException)
                {
                    problems[peer.Name] = Reason(failure.Message);
                }
            }
        }

        return new RowResult(row, figures.ToDictionary(entry => entry.Key, entry => entry.Value.Order().ToArray()), problems);
    }

    /// <summary>What a reader of the table can use: a program's own words, without its command, which names folders of this machine.</summary>
    private static string Reason(string message)
    {
        var line = message.Split('\n')[0];
        return Command().Match(line) is not { Success: true } command ? line
            : command.Length < line.Length ? line[command.Length..]
            : $"its program exited with {command.Groups["status"].Value} and said nothing";
    }

    [GeneratedRegex(@"^'[^']*' exited with (?<status>\d+): (Unhandled exception\. [\w.]+: )?")]
    private static partial Regex Command();
}
