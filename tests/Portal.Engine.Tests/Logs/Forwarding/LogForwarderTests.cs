using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Engine.Containers;
using Portal.Engine.Runtime;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Logs.Forwarding;

public sealed class LogForwarderTests : IAsyncLifetime
{
    private FakeEngine _engine = null!;

    public async Task InitializeAsync() => _engine = await FakeEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Syslog_OverUdp_GetsEachLineWithItsSeverityAndTag()
    {
        await using var receiver = Receiver.Udp();
        var id = await StartAsync("syslog", ("syslog-address", $"udp://127.0.0.1:{receiver.Port}"), ("syslog-format", "rfc5424"), ("tag", "{{.Name}}/{{.ID}}"));
        _engine.Runtime[id].WriteLine("one");
        _engine.Runtime[id].WriteLine("two", OutputSource.Stderr);

        await receiver.HasAsync(2);
        var texts = receiver.Texts.ToList();
        Assert.Matches($@"^<30>1 2026-01-02T03:04:05Z \S+ web/{id[..12]} \d+ web/{id[..12]} - one$", texts[0]);
        Assert.Matches($@"^<27>1 .* - two$", texts[1]);
    }

    [Theory]
    [InlineData("", @"^<30>Jan  2 \d\d:\d\d:\d\d \S{12}\[\d+\]: hello$")]
    [InlineData("rfc3164", @"^<30>Jan  2 \d\d:\d\d:\d\d \S+ \S{12}\[\d+\]: hello$")]
    public async Task Syslog_OverTcp_EndsEachLine(string format, string expected)
    {
        await using var receiver = Receiver.Tcp((byte)'\n');
        var id = await StartAsync("syslog", ("syslog-address", $"tcp://127.0.0.1:{receiver.Port}"), ("syslog-format", format));
        _engine.Runtime[id].WriteLine("hello");

        await receiver.HasAsync(1);
        Assert.Matches(expected, receiver.Texts.Single());
    }

    [Fact]
    public async Task Syslog_OverAUnixSocket_GetsLinesWithTheFacility()
    {
        var path = Path.Combine(_engine.Root, "log");
        await using var receiver = Receiver.UnixPackets(path);
        var id = await StartAsync("syslog", ("syslog-address", $"unixgram://{path}"), ("syslog-facility", "local3"));
        _engine.Runtime[id].WriteLine("a");

        await receiver.HasAsync(1);
        Assert.StartsWith("<158>", receiver.Texts.Single());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zlib")]
    [InlineData("none")]
    public async Task Gelf_OverUdp_IsCompressedAndCut(string compression)
    {
        await using var receiver = Receiver.Udp();
        var id = await StartAsync(
            "gelf", ("gelf-address", $"udp://127.0.0.1:{receiver.Port}"), ("gelf-compression-type", compression), ("labels", "team"), ("env", "MODE"));
        var noise = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4000));
        _engine.Runtime[id].WriteLine(noise, OutputSource.Stderr);

        await receiver.HasAsync(2);
        await Eventually.HoldsAsync(() => receiver.Messages.Count == receiver.Messages.First()[11]);
        var packets = receiver.Messages.ToList();
        Assert.All(packets, packet => Assert.True(packet.Length <= 1420 && packet[0] == 0x1e && packet[1] == 0x0f));
        var whole = packets.OrderBy(packet => packet[10]).SelectMany(packet => packet[12..]).ToArray();
        var json = JsonNode.Parse(Inflate(whole, compression))!;
        Assert.Equal(("1.1", noise, 3), ((string)json["version"]!, (string)json["short_message"]!, (int)json["level"]!));
        Assert.Equal((id, "web", "core", "test"), ((string)json["_container_id"]!, (string)json["_container_name"]!, (string)json["_team"]!, (string)json["_MODE"]!));
    }

    [Fact]
    public async Task Gelf_OverTcp_EndsEachMessageWithAZero()
    {
        await using var receiver = Receiver.Tcp(0);
        var id = await StartAsync("gelf", ("gelf-address", $"tcp://127.0.0.1:{receiver.Port}"));
        _engine.Runtime[id].WriteLine("one");
        _engine.Runtime[id].WriteLine("");

        await receiver.HasAsync(2);
        Assert.Equal(["one", "-"], receiver.Texts.Select(text => (string)JsonNode.Parse(text)!["short_message"]!));
    }

    [Fact]
    public async Task Fluentd_WithAcknowledgements_WaitsForEach()
    {
        await using var receiver = Receiver.Tcp(text => Regex.Match(text, "chunk.([A-Za-z0-9+/=]{24})$") is { Success: true } match
            ? $"\u0081\u00a3ack\u00b8{match.Groups[1].Value}"
            : null);
        var id = await StartAsync(
            "fluentd", ("fluentd-address", $"127.0.0.1:{receiver.Port}"), ("fluentd-request-ack", "true"), ("tag", "app.{{.Name}}"), ("labels", "team"));
        _engine.Runtime[id].WriteLine("first");
        _engine.Runtime[id].WriteLine("second", OutputSource.Stderr);

        await receiver.HasAsync(2);
        var texts = receiver.Texts.ToList();
        Assert.StartsWith("\u0094\u00a7app.web\u00d3", texts[0]);
        Assert.Contains("\u00a3log\u00a5first", texts[0]);
        Assert.Contains("\u00a4team\u00a4core", texts[0]);
        Assert.Contains("\u00a6source\u00a6stderr\u00a3log\u00a6second", texts[1]);
    }

    [Fact]
    public async Task EngineRestart_WithLinesBeforeDuringAndAfter_SendsEachOnce()
    {
        await using var receiver = Receiver.Tcp((byte)'\n');
        var id = await StartAsync("syslog", ("syslog-address", $"tcp://127.0.0.1:{receiver.Port}"));
        Write(id, 0, 50);
        await receiver.HasAsync(50);
        await _engine.EndAsync();
        Write(id, 50, 100);
        await _engine.BeginAsync();
        Write(id, 100, 150);

        await receiver.HasAsync(150);
        Assert.Equal(Enumerable.Range(0, 150), receiver.Texts.Select(text => int.Parse(text.Split(' ')[^1])));
    }

    [Fact]
    public async Task Receiver_ThatIsAwayForAWhile_GetsAllLinesOnceItIsBack()
    {
        int port;
        await using (var first = Receiver.Tcp((byte)'\n'))
        {
            port = first.Port;
        }

        var id = await StartAsync("syslog", ("syslog-address", $"tcp://127.0.0.1:{port}"));
        Write(id, 0, 20);
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Any(wait => wait == TimeSpan.FromMilliseconds(200)));
        await using var receiver = Receiver.Tcp((byte)'\n', port);
        await Eventually.HoldsAsync(() =>
        {
            _engine.Time.Advance(TimeSpan.FromSeconds(1));
            return receiver.Messages.Count >= 20;
        });

        Assert.Equal(Enumerable.Range(0, 20), receiver.Texts.Select(text => int.Parse(text.Split(' ')[^1])));
    }

    [Fact]
    public async Task NonBlocking_WithoutAReceiver_DropsTheOldestBeyondItsBuffer()
    {
        int port;
        await using (var first = Receiver.Tcp((byte)'\n'))
        {
            port = first.Port;
        }

        var id = await StartAsync(
            "syslog", ("syslog-address", $"tcp://127.0.0.1:{port}"), ("mode", "non-blocking"), ("max-buffer-size", "4k"));
        Write(id, 0, 500);
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Any(wait => wait == TimeSpan.FromMilliseconds(200)));
        await using var receiver = Receiver.Tcp((byte)'\n', port);
        await Eventually.HoldsAsync(() =>
        {
            _engine.Time.Advance(TimeSpan.FromSeconds(1));
            return receiver.Texts.Any(text => text.EndsWith(" 499", StringComparison.Ordinal));
        });

        var numbers = receiver.Texts.Select(text => int.Parse(text.Split(' ')[^1])).ToList();
        Assert.InRange(numbers.Count, 1, 100);
        Assert.Equal(Enumerable.Range(500 - numbers.Count, numbers.Count), numbers);
    }

    [Fact]
    public async Task Lines_LongOrBegun_AreSentWholeUpToTheBound()
    {
        await using var receiver = Receiver.Tcp((byte)'\n');
        var id = await StartAsync("syslog", ("syslog-address", $"tcp://127.0.0.1:{receiver.Port}"));
        _engine.Runtime[id].WriteLine("be", partial: true);
        _engine.Runtime[id].WriteLine("gun");
        _engine.Runtime[id].WriteLine(new string('x', 20_000));

        await receiver.HasAsync(3);
        var texts = receiver.Texts.Select(text => text.Split(": ", 2)[1]).ToList();
        Assert.Equal(["begun", new string('x', 16 * 1024), new string('x', 20_000 - (16 * 1024))], texts);
    }

    [Fact]
    public async Task Container_RemovedWithItsEnd_LosesNoLine()
    {
        await using var receiver = Receiver.Tcp((byte)'\n');
        var created = await _engine.Containers.CreateAsync(Spec("syslog", ("syslog-address", $"tcp://127.0.0.1:{receiver.Port}")) with { AutoRemove = true });
        _engine.Runtime.OnStart = id =>
        {
            Write(id, 0, 10);
            return Task.CompletedTask;
        };
        await _engine.Containers.StartAsync(created.Id);
        _engine.Runtime.End(created.Id, 0);

        await receiver.HasAsync(10);
        await Eventually.HoldsAsync(async () => (await _engine.Containers.ListAsync()).Count == 0);
    }

    [Fact]
    public async Task Container_StartedAgain_GoesOn()
    {
        await using var receiver = Receiver.Tcp((byte)'\n');
        var id = await StartAsync("syslog", ("syslog-address", $"tcp://127.0.0.1:{receiver.Port}"));
        Write(id, 0, 5);
        _engine.Runtime.End(id, 0);
        await _engine.Containers.WaitAsync(id);
        await _engine.Containers.StartAsync(id);
        Write(id, 5, 10);

        await receiver.HasAsync(10);
        Assert.Equal(Enumerable.Range(0, 10), receiver.Texts.Select(text => int.Parse(text.Split(' ')[^1])));
    }

    private static byte[] Inflate(byte[] data, string compression)
    {
        using var source = new MemoryStream(data);
        using Stream stream = compression switch
        {
            "gzip" => new GZipStream(source, CompressionMode.Decompress),
            "zlib" => new ZLibStream(source, CompressionMode.Decompress),
            _ => source,
        };
        using var target = new MemoryStream();
        stream.CopyTo(target);
        return target.ToArray();
    }

    private void Write(string id, int from, int to)
    {
        for (var number = from; number < to; number++)
        {
            _engine.Runtime[id].WriteLine($"{number}");
        }
    }

    private static ContainerSpec Spec(string driver, params (string Name, string Value)[] options) => new()
    {
        Image = "busybox",
        Name = "web",
        Labels = new Dictionary<string, string> { ["team"] = "core", ["other"] = "x" },
        Environment = ["MODE=test"],
        LogDriver = driver,
        LogOptions = options.Where(option => option.Value.Length > 0).ToDictionary(option => option.Name, option => option.Value),
    };

    private async Task<string> StartAsync(string driver, params (string Name, string Value)[] options)
    {
        var id = (await _engine.Containers.CreateAsync(Spec(driver, options))).Id;
        await _engine.Containers.StartAsync(id);
        return id;
    }
}
