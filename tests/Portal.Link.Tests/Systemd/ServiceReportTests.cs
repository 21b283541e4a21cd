using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Contracts.Systemd;
using Portal.Testing;

namespace Portal.Link.Tests.Systemd;

public sealed class ServiceReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-notify-").FullName;
    private readonly ConcurrentQueue<string> _told = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public ServiceReportTests()
    {
        _socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, "notify")));
        _ = ListenAsync();
    }

    public void Dispose()
    {
        _socket.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Report_OfALife_TellsReadyAliveAndStopping()
    {
        using var report = Make(Manager(milliseconds: 90), _ => Task.CompletedTask);

        await report.StartedAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => _told.Count(message => message == "WATCHDOG=1") >= 3, "it is told to be alive more than once");
        await report.StoppingAsync(CancellationToken.None);

        // All that was told until now stands before this in the socket.
        Manager(milliseconds: 90).TellReady();
        await Eventually.HoldsAsync(() => _told.Count(message => message == "READY=1") == 2, "all is read");
        Assert.Equal("READY=1", _told.First());
        Assert.Contains("STOPPING=1", _told);
        var count = _told.Count;
        await Task.Delay(TimeSpan.FromMilliseconds(120));
        Assert.Equal(count, _told.Count);
    }

    [Fact]
    public async Task Report_ProcessThatAnswersNobody_TellsNotThatItIsAlive()
    {
        var calls = 0;
        using var report = Make(Manager(milliseconds: 60), async cancellationToken =>
        {
            // The first call hangs, the second is refused, and from then on it answers again.
            switch (Interlocked.Increment(ref calls))
            {
                case 1: await Task.Delay(Timeout.Infinite, cancellationToken); break;
                case 2: throw new HttpRequestException("refused");
            }

            Assert.DoesNotContain("WATCHDOG=1", calls > 3 ? [] : _told);
        });

        await report.StartedAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => calls >= 3, "it is called again and again");
        await Eventually.HoldsAsync(() => _told.Contains("WATCHDOG=1"), "it is told to be alive once it answers");
        await report.StoppingAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Report_NoWatchdog_CallsNobody()
    {
        using var report = Make(Manager(milliseconds: null), _ => throw new InvalidOperationException("called"));

        await report.StartedAsync(CancellationToken.None);
        await report.StoppingAsync(CancellationToken.None);

        await Eventually.HoldsAsync(() => _told.SequenceEqual(["READY=1", "STOPPING=1"]), "both are told and nothing else");
    }

    [Fact]
    public async Task Report_WithoutServiceManager_DoesNothing()
    {
        using var report = Make(null, _ => throw new InvalidOperationException("called"));

        await report.StartedAsync(CancellationToken.None);
        await report.StoppingAsync(CancellationToken.None);

        Assert.Empty(_told);
    }

    [Theory]
    [InlineData(null, "30000000", null, false, null)]
    [InlineData("", "30000000", null, false, null)]
    [InlineData("notify", null, null, false, null)]
    [InlineData("/run/notify", null, null, true, null)]
    [InlineData("@notify", "30000000", null, true, 30.0)]
    [InlineData("/run/notify", "30000000", "17", true, 30.0)]
    [InlineData("/run/notify", "30000000", "18", true, null)]
    [InlineData("/run/notify", "-5", null, true, null)]
    [InlineData("/run/notify", "0", null, true, null)]
    [InlineData("/run/notify", "99999999999999999999", null, true, null)]
    public void From_Variables_AreReadStrictly(string? socket, string? watchdog, string? process, bool told, double? seconds)
    {
        var variables = new Dictionary<string, string?>
        {
            ["NOTIFY_SOCKET"] = socket,
            ["WATCHDOG_USEC"] = watchdog,
            ["WATCHDOG_PID"] = process,
        };

        var manager = ServiceManager.From(name => variables.GetValueOrDefault(name), 17);

        Assert.Equal(told, manager is not null);
        Assert.Equal(seconds, manager?.Watchdog?.TotalSeconds);
    }

    private ServiceManager Manager(int? milliseconds)
    {
        var watchdog = milliseconds is { } count ? TestSettings.Within(TimeSpan.FromMilliseconds(count)) : (TimeSpan?)null;
        var variables = new Dictionary<string, string?>
        {
            ["NOTIFY_SOCKET"] = Path.Combine(_folder, "notify"),
            ["WATCHDOG_USEC"] = watchdog is { } patience ? $"{patience.TotalMicroseconds}" : null,
        };
        return ServiceManager.From(name => variables.GetValueOrDefault(name), System.Environment.ProcessId)!;
    }

    private static ServiceReport Make(ServiceManager? manager, Func<CancellationToken, Task> probe) =>
        new(manager, probe, TimeProvider.System, NullLogger<ServiceReport>.Instance);

    private async Task ListenAsync()
    {
        var buffer = new byte[256];
        try
        {
            while (true)
            {
                _told.Enqueue(Encoding.ASCII.GetString(buffer, 0, await _socket.ReceiveAsync(buffer)));
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
