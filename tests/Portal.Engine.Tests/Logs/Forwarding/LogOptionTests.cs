using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Logs.Forwarding;
using Portal.Engine.Logs.Forwarding.Sinks;
using Portal.Testing;
using Portal.Testing.Engine;
using Portal.Testing.Registries;

namespace Portal.Engine.Tests.Logs.Forwarding;

/// <summary>What each option of a driver changes, seen at the receiver.</summary>
public sealed class LogOptionTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-logs-");
    private TestAuthority _authority = null!;
    private FakeEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _authority = new TestAuthority(_folder.FullName);
        var tls = new SinkTls(_authority.CertificateFile, "", "", SkipVerify: false);
        _engine = await FakeEngine.StartAsync(services => services.AddSingleton(new LogSinks { Tls = tls }));
    }

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("rfc5424")]
    [InlineData("rfc5424micro")]
    public async Task Syslog_OverTls_ShowsItsCertificateAndCountsEachMessage(string format)
    {
        await using var receiver = Receiver.Tls((byte)'#', _authority.Sign("server", IPAddress.Loopback));
        var (certificate, key) = _authority.Sign("engine");
        var id = await StartAsync(
            "syslog", ("syslog-address", $"tcp+tls://127.0.0.1:{receiver.Port}"), ("syslog-format", format), ("syslog-facility", "local7"),
            ("syslog-tls-ca-cert", _authority.CertificateFile), ("syslog-tls-cert", certificate), ("syslog-tls-key", key));
        _engine.Runtime[id].WriteLine("hello#");

        await ComesAsync(receiver, 1);
        Assert.Equal("CN=engine", Assert.Single(receiver.Subjects.Distinct()));
        var text = receiver.Texts.Single();
        var space = text.IndexOf(' ');
        Assert.Equal(text.Length - space, int.Parse(text[..space]));
        Assert.StartsWith("<190>1 2026-01-02T03:04:05" + (format == "rfc5424" ? "Z " : ".000000Z "), text[(space + 1)..]);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public async Task Syslog_OverTlsToAStranger_SendsOnlyWhereThatIsAskedFor(string skipVerify, bool expected)
    {
        var stranger = new TestAuthority(Path.Combine(_folder.FullName, "stranger"));
        await using var receiver = Receiver.Tls((byte)'\n', stranger.Sign("server", IPAddress.Loopback));
        var id = await StartAsync(
            "syslog", ("syslog-address", $"tcp+tls://127.0.0.1:{receiver.Port}"),
            ("syslog-tls-ca-cert", _authority.CertificateFile), ("syslog-tls-skip-verify", skipVerify));
        _engine.Runtime[id].WriteLine("secret");

        if (expected)
        {
            await ComesAsync(receiver, 1);
            return;
        }

        // It was tried at least twice, and nothing was told to who could not show who it is.
        await AdvanceUntilAsync(() => receiver.Connections >= 2);
        Assert.Empty(receiver.Messages);
    }

    [Fact]
    public async Task Syslog_OverTlsToAReceiverThatStartsAnew_SendsEachLine()
    {
        var files = _authority.Sign("server", IPAddress.Loopback);
        await using var receiver = Receiver.Tls((byte)'\n', files);
        var id = await StartAsync(
            "syslog", ("syslog-address", $"tcp+tls://127.0.0.1:{receiver.Port}"), ("syslog-tls-ca-cert", _authority.CertificateFile));
        for (var line = 0; line < 5; line++)
        {
            _engine.Runtime[id].WriteLine($"{line}");
            await ComesAsync(receiver, line + 1);
            receiver.Drop();
            await Eventually.HoldsAsync(() => receiver.Open == 0);
        }

        Assert.Equal(Enumerable.Range(0, 5), receiver.Texts.Select(text => int.Parse(text.Split(' ')[^1])));
    }

    [Fact]
    public async Task Gelf_WithALevelOfCompression_UsesIt()
    {
        var sizes = new List<int>();
        foreach (var level in new[] { "0", "1", "9" })
        {
            await using var receiver = Receiver.Udp();
            var id = await StartAsync(
                "gelf", ("gelf-address", $"udp://127.0.0.1:{receiver.Port}"), ("gelf-compression-level", level), ("env-regex", "^_?MO"));
            var text = string.Join(' ', Enumerable.Range(0, 200).Select(number => $"{number % 37}"));
            _engine.Runtime[id].WriteLine(text);
            await receiver.HasAsync(1);
            sizes.Add(receiver.Messages.Single().Length);
            await _engine.Containers.RemoveAsync(id, force: true);
        }

        Assert.True(sizes[0] > 800 && sizes[1] < sizes[0] && sizes[2] < sizes[1], string.Join(' ', sizes));
    }

    [Fact]
    public async Task Gelf_WithReconnects_DropsALineAfterThem()
    {
        var port = FreePort.Find();
        var id = await StartAsync(
            "gelf", ("gelf-address", $"tcp://127.0.0.1:{port}"), ("gelf-tcp-max-reconnect", "2"), ("gelf-tcp-reconnect-delay", "7"));
        _engine.Runtime[id].WriteLine("lost");
        for (var reconnect = 0; reconnect < 2; reconnect++)
        {
            await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromSeconds(7)));
            _engine.Time.Advance(TimeSpan.FromSeconds(7));
        }

        await Eventually.HoldsAsync(() => !_engine.Time.Waiting.Contains(TimeSpan.FromSeconds(7)));
        await using var receiver = Receiver.Tcp(0, port);
        _engine.Runtime[id].WriteLine("kept");
        await receiver.HasAsync(1);
        Assert.Equal("kept", (string)JsonNode.Parse(receiver.Texts.Single())!["short_message"]!);
    }

    [Fact]
    public async Task Fluentd_WithRetries_WaitsLongerEachTimeAndDropsALineAfterThem()
    {
        var port = FreePort.Find();
        var id = await StartAsync(
            "fluentd", ("fluentd-address", $"127.0.0.1:{port}"), ("fluentd-retry-wait", "4s"), ("fluentd-max-retries", "2"),
            ("fluentd-async", "true"), ("tag", "app"));
        _engine.Runtime[id].WriteLine("lost");
        foreach (var seconds in new[] { 4, 6 })
        {
            await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromSeconds(seconds)));
            _engine.Time.Advance(TimeSpan.FromSeconds(seconds));
        }

        await Eventually.HoldsAsync(() => !_engine.Time.Waiting.Contains(TimeSpan.FromSeconds(9))
            && !_engine.Time.Waiting.Contains(TimeSpan.FromSeconds(6)));
        await using var receiver = Receiver.Tcp(text => text.Contains("kept", StringComparison.Ordinal) ? "" : null, port);
        _engine.Runtime[id].WriteLine("kept");
        await receiver.HasAsync(1);
        Assert.DoesNotContain("lost", receiver.Texts.Single());
    }

    [Fact]
    public async Task Fluentd_WithABound_KeepsSoManyEventsForAReceiverThatIsAway()
    {
        var port = FreePort.Find();
        var id = await StartAsync("fluentd", ("fluentd-address", $"127.0.0.1:{port}"), ("fluentd-buffer-limit", "20"), ("tag", "app"));
        for (var number = 0; number < 200; number++)
        {
            _engine.Runtime[id].WriteLine($"line {number:000}");
        }

        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Any(wait => wait == TimeSpan.FromMilliseconds(200)));
        await using var receiver = Receiver.Tcp((byte)'.', port);
        _engine.Runtime[id].WriteLine("the end.");
        await AdvanceUntilAsync(() => receiver.Messages.Count == 1);

        var lines = receiver.Texts.Single().Split("line ").Skip(1).Select(text => int.Parse(text[..3])).ToList();
        Assert.Equal(Enumerable.Range(200 - lines.Count, lines.Count), lines);
        Assert.InRange(lines.Count, 15, 20);
    }

    [Theory]
    [InlineData("T", "\u00d7\u0000")]
    [InlineData("false", "\u00d3")]
    [InlineData("", "\u00d3")]
    public async Task Fluentd_WithPrecision_SendsAnEventTime(string precise, string form)
    {
        await using var receiver = Receiver.Tcp(text => text.Contains("hello", StringComparison.Ordinal) ? "" : null);
        var id = await StartAsync(
            "fluentd", ("fluentd-address", $"tcp://127.0.0.1:{receiver.Port}"), ("fluentd-sub-second-precision", precise), ("tag", "app"));
        _engine.Runtime[id].WriteLine("hello");

        await receiver.HasAsync(1);
        Assert.StartsWith("\u0093\u00a3app" + form, receiver.Texts.Single());
    }

    [Fact]
    public async Task Fluentd_OverTls_TrustsTheHostsAuthoritiesAlone()
    {
        await using var receiver = Receiver.Tls((byte)'.', _authority.Sign("server", IPAddress.Loopback));
        var stranger = new TestAuthority(Path.Combine(_folder.FullName, "stranger"));
        await using var other = Receiver.Tls((byte)'.', stranger.Sign("server", IPAddress.Loopback));
        var trusted = await StartAsync("fluentd", ("fluentd-address", $"tls://127.0.0.1:{receiver.Port}"));
        var untrusted = await StartAsync("fluentd", ("fluentd-address", $"tls://127.0.0.1:{other.Port}"));
        _engine.Runtime[trusted].WriteLine("hello.");
        _engine.Runtime[untrusted].WriteLine("secret.");

        await receiver.HasAsync(1);
        Assert.EndsWith("hello", receiver.Texts.Single());
        await AdvanceUntilAsync(() => other.Connections >= 2);
        Assert.Empty(other.Messages);
    }

    [Theory]
    [InlineData("fluentd-async")]
    [InlineData("fluentd-async-connect")]
    public async Task Fluentd_ThatMustBeThere_FailsTheStartWhereItIsNot(string option)
    {
        var port = FreePort.Find();
        var id = (await _engine.Containers.CreateAsync(Spec("fluentd", ("fluentd-address", $"127.0.0.1:{port}"), (option, "false")))).Id;

        var failure = await Assert.ThrowsAsync<EngineException>(() => _engine.Containers.StartAsync(id));

        Assert.Equal(EngineErrorKind.Unavailable, failure.Kind);
        Assert.StartsWith("failed to initialize logging driver: ", failure.Message);
        Assert.False((await _engine.Containers.InspectAsync(id)).State == ContainerState.Running);
        await using var receiver = Receiver.Tcp((byte)'\n', port);
        await _engine.Containers.StartAsync(id);
        await Eventually.HoldsAsync(() => receiver.Connections == 1);
    }

    [Fact]
    public async Task Fluentd_WithAnInterval_ConnectsAnew()
    {
        await using var receiver = Receiver.Tcp((byte)'.');
        var id = await StartAsync(
            "fluentd", ("fluentd-address", $"127.0.0.1:{receiver.Port}"), ("fluentd-async", "true"),
            ("fluentd-async-reconnect-interval", "100ms"));

        await Eventually.HoldsAsync(() =>
        {
            _engine.Runtime[id].WriteLine("tick.");
            return receiver.Connections >= 3;
        });
    }

    [Theory]
    [InlineData("{{ (.ExtraAttributes nil).MODE }}/{{.Name}}", "test/")]
    [InlineData("{{index (.ExtraAttributes nil) \"team\"}}-{{(.ExtraAttributes nil).other}}", "core-<no value>")]
    public async Task Tag_WithLabelsAndVariables_HoldsThoseThatWereChosen(string tag, string expected)
    {
        await using var receiver = Receiver.Udp();
        var id = await StartAsync(
            "syslog", ("syslog-address", $"udp://127.0.0.1:{receiver.Port}"), ("tag", tag), ("labels", "team"), ("env", "MODE"));
        _engine.Runtime[id].WriteLine("hello");

        await receiver.HasAsync(1);
        Assert.Contains(" " + expected, receiver.Texts.Single());
    }

    private static ContainerSpec Spec(string driver, params (string Name, string Value)[] options) => new()
    {
        Image = "busybox",
        Labels = new Dictionary<string, string> { ["team"] = "core", ["other"] = "x" },
        Environment = ["MODE=test"],
        LogDriver = driver,
        LogOptions = options.Where(option => option.Value.Length > 0).ToDictionary(option => option.Name, option => option.Value),
    };

    /// <summary>
    /// On a busy host the two sides may not come to terms in the time that the engine gives them: it tries again, when its clock says so.
    /// </summary>
    private Task ComesAsync(Receiver receiver, int count) => AdvanceUntilAsync(() => receiver.Messages.Count >= count);

    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.HoldsAsync(() =>
    {
        _engine.Time.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });

    private async Task<string> StartAsync(string driver, params (string Name, string Value)[] options)
    {
        var id = (await _engine.Containers.CreateAsync(Spec(driver, options))).Id;
        await _engine.Containers.StartAsync(id);
        return id;
    }
}
