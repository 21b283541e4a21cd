using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Networks.Dns;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Networks.Dns;

public sealed class DnsServerTests
{
    [Fact]
    public async Task Serve_PlaceIsAnothersForAMoment_IsServedSoonAfter()
    {
        var time = new FakeTimeProvider();
        var host = new FakeHost();
        await using var server = new DnsServer(host, time, NullLogger<DnsServer>.Instance);

        _ = server.Serve([new NameServerPlace(IPAddress.Parse("172.18.0.1"))], () => throw new InvalidOperationException("Nobody asks."));

        // By datagram and by stream.
        await Eventually.HoldsAsync(() => time.Waiting.Count == 2, "both wait to try again");
        var asked = host.Asked = [];
        time.Advance(TimeSpan.FromMilliseconds(20));
        await Eventually.HoldsAsync(() => asked.Count == 2, "both are served");
    }

    [Fact]
    public async Task Serve_PlaceIsServedNoLonger_EndsWhenItIsLetGoOf()
    {
        var host = new FakeHost { Asked = [] };
        await using var server = new DnsServer(host, new FakeTimeProvider(), NullLogger<DnsServer>.Instance);
        _ = server.Serve([new NameServerPlace(IPAddress.Parse("172.18.0.1"))], () => throw new InvalidOperationException("Nobody asks."));
        await Eventually.HoldsAsync(() => host.Asked.Count == 2, "both are served");

        await server.Serve([], () => throw new InvalidOperationException("Nobody asks."));

        Assert.All(host.Asked, socket => Assert.True(socket.SafeHandle.IsClosed));
    }
}
