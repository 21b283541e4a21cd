using System.Buffers.Binary;
using System.Net;
using System.Text;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Dns;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Tests.Networks.Dns;

public sealed class DnsResponderTests
{
    private static readonly IPAddress s_web = IPAddress.Parse("10.1.0.2");
    private static readonly IPAddress s_other = IPAddress.Parse("10.1.0.3");
    private static readonly IPAddress s_stranger = IPAddress.Parse("10.2.0.2");
    private readonly DnsResponder _responder = new();

    private readonly NameTable _names = new(
        [
            Record("aaaaaaaaaaaaaaaa", "Web", "10.1.0.2", "net", true, "svc"),
            Record("bbbbbbbbbbbbbbbb", "db", "10.1.0.3", "net", true, "svc"),
            Record("cccccccccccccccc", "far", "10.2.0.2", "shut", false),
        ],
        _ => true);

    [Theory]
    [InlineData("web", "10.1.0.2")]
    [InlineData("WEB.net", "10.1.0.2")]
    [InlineData("aaaaaaaaaaaa", "10.1.0.2")]
    [InlineData("db", "10.1.0.3")]
    public void Answer_NameOfANeighbour_IsItsAddress(string name, string address)
    {
        var answer = Ask(Query(name, 1), s_other)!;

        Assert.Equal((0, 1), (answer[3] & 15, answer[7]));
        Assert.Equal(IPAddress.Parse(address), new IPAddress(answer[^4..]));
        Assert.Equal([0x12, 0x34], answer[..2]);
    }

    [Fact]
    public void Answer_SharedAlias_TakesTurns()
    {
        var firsts = Enumerable.Range(0, 4).Select(_ => Ask(Query("svc", 1), s_web)![^20..^16]).Select(bytes => new IPAddress(bytes)).ToArray();

        Assert.Equal([s_web, s_other], firsts.Distinct().OrderBy(address => address.ToString()));
        Assert.NotEqual(firsts[0], firsts[1]);
    }

    [Fact]
    public void Answer_ReplicasOnOtherNodes_TakeTurnsWithOurOwn()
    {
        var far = IPAddress.Parse("10.1.9.2");
        var record = Record("aaaaaaaaaaaaaaaa", "web", "10.1.0.2", "net", true, "svc");
        var names = new NameTable(
            [record], _ => true, [new RemoteName(record.Sandbox.Endpoints[0].NetworkId, "net", far, ["away", "svc"])]);

        var firsts = Enumerable.Range(0, 4).Select(_ => new IPAddress(Ask(Query("svc", 1), s_web, names: names)![^20..^16])).ToArray();

        Assert.Equal([s_web, far], firsts.Distinct().OrderBy(address => address.ToString()));
        Assert.Equal(far, new IPAddress(Ask(Query("away.net", 1), s_web, names: names)![^4..]));
        var reverse = Ask(Query("2.9.1.10.in-addr.arpa", 12), s_web, names: names)!;
        Assert.Equal("\u0004away\u0003net\0", Encoding.ASCII.GetString(reverse[^10..]));

        // Who asks from there is a stranger here: its own node answers it.
        Assert.Null(names.ClientAt(far));
    }

    [Fact]
    public void Answer_ReverseLookUp_IsNameAndNetwork()
    {
        var answer = Ask(Query("3.0.1.10.in-addr.arpa", 12), s_web)!;

        Assert.Equal("\u0002db\u0003net\0", Encoding.ASCII.GetString(answer[^8..]));
    }

    [Fact]
    public void Answer_Ipv6_IsTheAddressAndItsName()
    {
        var six = IPAddress.Parse("fd00:1::2");
        var names = new NameTable([Record("aaaaaaaaaaaaaaaa", "web", "10.1.0.2", "net", true) is var record
            ? record with { Sandbox = record.Sandbox with { Endpoints = [record.Sandbox.Endpoints[0] with { Address6 = "fd00:1::2" }] } }
            : null!], _ => true);
        var asker = names.ClientAt(six);
        var reverse = string.Join('.', Convert.ToHexStringLower(six.GetAddressBytes()).Reverse()) + ".ip6.arpa";

        _responder.TryAnswer(Query("web", 28), asker, names, isStream: false, out var address);
        _responder.TryAnswer(Query("web", 1), asker, names, isStream: false, out var address4);
        _responder.TryAnswer(Query(reverse, 12), asker, names, isStream: false, out var name);

        Assert.Equal(six, new IPAddress(address![^16..]));
        Assert.Equal("10.1.0.2", new IPAddress(address4![^4..]).ToString());
        Assert.Equal("\u0003web\u0003net\0", Encoding.ASCII.GetString(name![^9..]));
    }

    [Fact]
    public void Answer_AContainersOwnPlace_KnowsItByItsId()
    {
        var place = new NameServerPlace(IPAddress.Parse(NameTable.InsideAddress), "/netns/a", "aaaaaaaaaaaaaaaa");
        var client = place.ClientOf(_names, IPAddress.Loopback);

        _responder.TryAnswer(Query("db", 1), client, _names, isStream: false, out var answer);

        Assert.Equal(s_other, new IPAddress(answer![^4..]));
    }

    [Fact]
    public void Answer_OtherTypeOfAKnownName_IsEmptyAndNotForwarded()
    {
        Assert.Equal((0, 0), (Ask(Query("web", 28), s_other)![3] & 15, Ask(Query("web", 28), s_other)![7]));
    }

    [Fact]
    public void Answer_NamesOfOtherNetworks_AreUnknown()
    {
        Assert.Null(Ask(Query("far", 1), s_web, forwards: true));
        Assert.Null(Ask(Query("2.0.2.10.in-addr.arpa", 12), s_web, forwards: true));
    }

    [Fact]
    public void Answer_AskerWithoutAWayOut_IsNotForwarded()
    {
        Assert.Equal(2, Ask(Query("example.com", 1), s_stranger)![3] & 15);
        Assert.Equal(2, Ask(Query("web", 1), IPAddress.Parse("9.9.9.9"))![3] & 15);
    }

    [Fact]
    public void Answer_ManyAddresses_FitADatagramAndSaySo()
    {
        var names = new NameTable(
            Enumerable.Range(2, 200).Select(last => Record($"{last:x16}", $"c{last}", $"10.1.0.{last}", "net", true, "svc")), _ => true);

        _responder.TryAnswer(Query("svc", 1), names.ClientAt(s_web), names, isStream: false, out var datagram);
        _responder.TryAnswer(Query("svc", 1), names.ClientAt(s_web), names, isStream: true, out var stream);

        Assert.InRange(datagram!.Length, 400, 512);
        Assert.Equal(2, datagram[2] & 2);
        Assert.Equal((0, 200), (stream![2] & 2, stream[7]));
    }

    [Fact]
    public void Answer_EveryCutOfAQuery_IsRefusedOrIgnored()
    {
        var query = Query("a.b.example", 1);
        for (var length = 0; length < query.Length; length++)
        {
            var answer = Ask(query[..length], s_web);
            Assert.True(length < 12 ? answer is null : (answer![3] & 15) == 1);
        }
    }

    [Theory]
    [InlineData(2, 0x80, null)]
    [InlineData(2, 0x28, 4)]
    [InlineData(5, 0, 1)]
    [InlineData(5, 2, 1)]
    [InlineData(7, 1, 1)]
    [InlineData(11, 9, 1)]
    [InlineData(12, 0xC0, 1)]
    [InlineData(12, 0x40, 1)]
    [InlineData(12, 63, 1)]
    public void Answer_MalformedByte_IsRefusedOrIgnored(int at, byte value, int? code)
    {
        var query = Query("web", 1);
        query[at] = value;

        var answer = Ask(query, s_other);

        Assert.Equal(code, answer is null ? null : answer[3] & 15);
    }

    [Fact]
    public void Answer_NameThatIsTooLong_IsRefused()
    {
        Assert.Equal(1, Ask(Query(string.Join('.', Enumerable.Repeat(new string('a', 60), 5)), 1), s_web)![3] & 15);
    }

    [Fact]
    public void Answer_RandomBytes_NeverThrow()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var query = new byte[random.Next(64)];
            random.NextBytes(query);
            if (query.Length > 12 && round % 2 == 0)
            {
                Query("web", 1).AsSpan(0, 12).CopyTo(query);
            }

            _responder.TryAnswer(query, _names.ClientAt(s_web), _names, isStream: false, out _);
        }
    }

    private byte[]? Ask(byte[] query, IPAddress asker, bool forwards = false, NameTable? names = null)
    {
        names ??= _names;
        Assert.Equal(forwards, _responder.TryAnswer(query, names.ClientAt(asker), names, isStream: false, out var answer));
        return answer;
    }

    private static byte[] Query(string name, ushort type)
    {
        var bytes = new List<byte> { 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.Split('.'))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        bytes.AddRange([0, 0, 0, 0, 1]);
        var query = bytes.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(query.Length - 4), type);
        return query;
    }

    private static SandboxRecord Record(string id, string name, string address, string network, bool hasRoute, params string[] aliases)
    {
        var request = new NetworkAttachment
        {
            ContainerId = id,
            ContainerName = name,
            Networks = [new NetworkConnection { Network = network, Aliases = aliases }],
        };
        var endpoint = new NetworkEndpoint
        {
            NetworkId = $"id-of-{network}",
            NetworkName = network,
            EndpointId = id,
            Address = address,
            HasDefaultRoute = hasRoute,
        };
        return new SandboxRecord(request, new NetworkSandbox { ContainerId = id, Endpoints = [endpoint] });
    }
}
