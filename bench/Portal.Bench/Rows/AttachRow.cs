using System.Diagnostics;
using Portal.Bench.Peers;

namespace Portal.Bench.Rows;

/// <summary>How long a line takes to a container's <c>cat</c> and back, through a client that is attached.</summary>
internal static class AttachRow
{
    private const string Name = "bench-attach";
    private const int Lines = 50;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static async Task<double> MeasureAsync(IPeer peer)
    {
        await peer.RunAsync("run", "-d", "-i", "--name", Name, ContainerRows.Image, "cat");
        try
        {
            return await EchoAsync(peer);
        }
        finally
        {
            await peer.RunAsync("rm", "-f", Name);
        }
    }

    private static async Task<double> EchoAsync(IPeer peer)
    {
        var start = new ProcessStartInfo(peer.Command[0], [.. peer.Command.Skip(1), "attach", Name])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var client = Process.Start(start)!;
        try
        {
            // The first line waits until the client is attached, and does not count.
            var times = new List<double>();
            for (var line = 0; line <= Lines; line++)
            {
                var watch = Stopwatch.StartNew();
                await client.StandardInput.WriteLineAsync($"line {line}");
                await client.StandardInput.FlushAsync();
                var echo = await client.StandardOutput.ReadLineAsync().WaitAsync(s_patience);
                times.Add(watch.Elapsed.TotalMilliseconds);
                if (echo != $"line {line}")
                {
                    throw new InvalidOperationException($"a line came back as '{echo}'");
                }
            }

            return times.Skip(1).Order().ElementAt(Lines / 2);
        }
        finally
        {
            client.Kill();
            await client.WaitForExitAsync();
        }
    }
}
