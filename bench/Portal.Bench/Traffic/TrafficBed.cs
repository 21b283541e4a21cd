using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Portal.Bench.Peers;
using Portal.Testing.Processes;

namespace Portal.Bench.Traffic;

/// <summary>
/// Two containers of a peer, one of which publishes ports, servers in them, and another machine: a namespace with a cable to the peer's.
/// </summary>
internal sealed class TrafficBed : IAsyncDisposable
{
    public const string HostAddress = "198.19.7.1";
    public const string Server = "bench-server";
    private const string Client = "bench-client";
    private const string Network = "bench-network";
    private const string Image = "busybox:latest";
    private const int RequestPort = 8080;
    private const int StreamPort = 5201;

    // What hangs longer beyond its own time is broken, and its row says so.
    private const int Patience = 30;
    private const double LeastProcessorSeconds = 0.05;
    private static readonly TimeSpan s_readiness = TimeSpan.FromSeconds(60);
    private static readonly string s_program = typeof(TrafficBed).Assembly.Location;

    private readonly IPeer _peer;
    private readonly List<Process> _servers = [];
    private string _server = "";
    private string _client = "";

    private TrafficBed(IPeer peer)
    {
        _peer = peer;
    }

    /// <summary>The containers' name server.</summary>
    public string NameServer { get; private set; } = "";

    /// <summary>The server's own address.</summary>
    public string Address { get; private set; } = "";

    private string Outside => _peer.Namespace + "o";

    public static async Task<TrafficBed> MakeAsync(IPeer peer)
    {
        var bed = new TrafficBed(peer);
        try
        {
            await bed.BeginAsync();
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    /// <summary>Microseconds of a request from the other machine through the published port.</summary>
    /// <param name="kind"><c>ask</c> on one connection, <c>connect</c> with one each.</param>
    /// <param name="count">How many.</param>
    public Task<double> PublishedAsync(string kind, int count) =>
        RunAsync(InOutside, "traffic", kind, HostAddress, Text(RequestPort), Text(count));

    /// <summary>Microseconds of a request from container to container.</summary>
    public Task<double> NeighbourAsync(int count) => RunAsync(In(_client), "traffic", "ask", Address, "80", Text(count));

    /// <summary>Answers a second of the name server to a container.</summary>
    public Task<double> NamesAsync(int milliseconds) => RunAsync(In(_client), "traffic", "names", NameServer, Server, Text(milliseconds));

    /// <summary>Answers of the name server for a second of processor time of the daemon, which it is a part of.</summary>
    public async Task<double> NamesOfACoreAsync(int milliseconds)
    {
        var before = await _peer.ProcessorSecondsAsync();
        var rate = await NamesAsync(milliseconds);
        var taken = await _peer.ProcessorSecondsAsync() - before;

        // The kernel counts in hundredths of a second.
        return taken >= LeastProcessorSeconds
            ? rate * milliseconds / 1000 / taken
            : throw new InvalidOperationException("the daemon took too little processor time to tell; another process answered");
    }

    /// <summary>Megabits a second from the other machine through the published port.</summary>
    public Task<double> PublishedStreamAsync(int seconds) => StreamAsync(InOutside, HostAddress, seconds);

    /// <summary>Megabits a second from container to container.</summary>
    public Task<double> NeighbourStreamAsync(int seconds) => StreamAsync(In(_client), Address, seconds);

    /// <summary>Megabits a second from container to host.</summary>
    public async Task<double> HostStreamAsync(int seconds)
    {
        using var server = Serve([.. _peer.Enter, "iperf3", "-s", "-1", "-p", "5202"]);
        try
        {
            // It ends after one client, so a try cannot be made in advance.
            var figure = 0.0;
            await UntilAsync(async () => figure = await StreamAsync(In(_client), HostAddress, seconds, 5202));
            return figure;
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            server.Kill(entireProcessTree: true);
            server.Dispose();
        }

        await Tool.TryRunAsync(_peer.Command[0], [.. _peer.Command.Skip(1), "rm", "-f", Server, Client]);
        await Tool.TryRunAsync(_peer.Command[0], [.. _peer.Command.Skip(1), "network", "rm", Network]);
        await Tool.TryRunAsync("ip", "netns", "delete", Outside);
    }

    private string[] InOutside => ["nsenter", $"--net=/run/netns/{Outside}"];

    private async Task BeginAsync()
    {
        await Tool.RunAsync("ip", "netns", "add", Outside);
        await Tool.RunAsync("ip", "-n", _peer.Namespace, "link", "add", "out0", "type", "veth", "peer", "name", "eth0", "netns", Outside);
        await Tool.RunAsync("ip", "-n", _peer.Namespace, "address", "add", HostAddress + "/30", "dev", "out0");
        await Tool.RunAsync("ip", "-n", _peer.Namespace, "link", "set", "out0", "up");
        await Tool.RunAsync("ip", "-n", Outside, "address", "add", "198.19.7.2/30", "dev", "eth0");
        await Tool.RunAsync("ip", "-n", Outside, "link", "set", "eth0", "up");
        await _peer.RunAsync("network", "create", Network);
        await _peer.RunAsync(
            "run", "-d", "--name", Server, "--network", Network, "-p", $"{RequestPort}:80", "-p", $"{StreamPort}:{StreamPort}", Image,
            "sleep", "10000");
        await _peer.RunAsync("run", "-d", "--name", Client, "--network", Network, Image, "sleep", "10000");
        _server = await PidAsync(Server);
        _client = await PidAsync(Client);
        var field = $"{{{{(index .NetworkSettings.Networks \"{Network}\").IPAddress}}}}";
        Address = (await _peer.RunAsync("inspect", "--format", field, Server)).Trim();
        NameServer = (await _peer.RunAsync("exec", Client, "cat", "/etc/resolv.conf")).Split('\n')
            .First(line => line.StartsWith("nameserver ", StringComparison.Ordinal)).Split(' ')[1].Trim();
        _servers.Add(Serve([.. In(_server), "dotnet", s_program, "traffic", "serve", "80"]));
        _servers.Add(Serve([.. In(_server), "iperf3", "-s", "-p", Text(StreamPort)]));
        await UntilAsync(() => NeighbourAsync(1));
        await UntilAsync(() => PublishedAsync("connect", 1));
    }

    private async Task<string> PidAsync(string container) =>
        (await _peer.RunAsync("inspect", "--format", "{{.State.Pid}}", container)).Trim();

    private static string[] In(string pid) => ["nsenter", $"--net=/proc/{pid}/ns/net"];

    private static async Task<double> RunAsync(string[] enter, params string[] arguments)
    {
        string[] whole = Bounded(Patience, [.. enter, "dotnet", s_program, .. arguments]);
        return double.Parse((await Tool.RunAsync(whole[0], whole[1..])).Trim(), CultureInfo.InvariantCulture);
    }

    private static async Task<double> StreamAsync(string[] enter, string address, int seconds, int port = StreamPort)
    {
        string[] whole = Bounded(
            Patience + seconds,
            [.. enter, "iperf3", "-c", address, "-p", Text(port), "-t", Text(seconds), "--connect-timeout", "5000", "-J"]);
        using var report = JsonDocument.Parse(await Tool.RunAsync(whole[0], whole[1..]));
        return report.RootElement.TryGetProperty("end", out var end) && end.TryGetProperty("sum_received", out var sum)
            ? sum.GetProperty("bits_per_second").GetDouble() / 1_000_000
            : throw new InvalidOperationException(
                "iperf3: " + (report.RootElement.TryGetProperty("error", out var error) ? error.GetString() : "no figure"));
    }

    // iperf3 has waited for ever for a stream that did not come.
    private static string[] Bounded(int seconds, string[] command) => ["timeout", "--kill-after=5", Text(seconds), .. command];

    private static Process Serve(string[] command)
    {
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

        // A full pipe would stop it.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task UntilAsync(Func<Task<double>> works)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await works();
                return;
            }
            catch (InvalidOperationException) when (watch.Elapsed < s_readiness)
            {
                await Task.Delay(100);
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
