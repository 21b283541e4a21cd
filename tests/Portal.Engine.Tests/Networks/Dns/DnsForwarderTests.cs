using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Portal.Engine.Networks.Dns;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Networks.Dns;

public sealed class DnsForwarderTests : IDisposable
{
    private const uint Minute = 60;
    private readonly FakeTimeProvider _time = new();
    private readonly Upstream _upstream = new();
    private readonly DnsForwarder _forwarder;

    public DnsForwarderTests()
    {
        _forwarder = new DnsForwarder(_time, _upstream);
    }

    public void Dispose() => _forwarder.Dispose();

    [Fact]
    public async Task Ask_Again_IsAnsweredFromMemoryForAsLongAsTheRecordLives()
    {
        _upstream.Answer = query => Answer(query, Minute);

        var first = await AskAsync(Query(1, "a.example"));
        _time.Advance(TimeSpan.FromSeconds(20));
        var second = await AskAsync(Query(2, "A.EXAMPLE"));
        _time.Advance(TimeSpan.FromSeconds(41));
        await AskAsync(Query(3, "a.example"));

        Assert.Equal(2, _upstream.Asked.Count);
        Assert.Equal((1, 2), (first[1], second[1]));
        Assert.Equal("A", Encoding.ASCII.GetString(second, 13, 1));
        Assert.Equal(40u, BinaryPrimitives.ReadUInt32BigEndian(second.AsSpan(second.Length - 10)));
    }

    [Fact]
    public async Task Ask_WhatDoesNotExist_IsRememberedForAsLongAsTheAuthoritySays()
    {
        _upstream.Answer = query => Nothing(query, 10);

        await AskAsync(Query(1, "none.example"));
        await AskAsync(Query(2, "none.example"));
        _time.Advance(TimeSpan.FromSeconds(11));
        await AskAsync(Query(3, "none.example"));

        Assert.Equal(2, _upstream.Asked.Count);
    }

    [Fact]
    public async Task Ask_FailureOrCutAnswer_IsNotRemembered()
    {
        _upstream.Answer = query => Changed(Answer(query, Minute), 3, 0x82);
        await AskAsync(Query(1, "a.example"));
        _upstream.Answer = query => Changed(Answer(query, Minute), 2, 0x82);
        await AskAsync(Query(2, "a.example"));
        await AskAsync(Query(3, "a.example"));

        Assert.Equal(3, _upstream.Asked.Count);
    }

    [Fact]
    public async Task Ask_ContainerWithServersOfItsOwn_AsksThoseAndSharesNoMemory()
    {
        _upstream.Answer = query => Answer(query, Minute);
        var own = new NameClient([], "c", true) { Servers = [IPAddress.Parse("192.0.2.9")] };

        await AskAsync(Query(1, "a.example"));
        await _forwarder.AskAsync(Query(2, "a.example"), own, isStream: false, CancellationToken.None);

        Assert.Equal(["192.0.2.1", "192.0.2.9"], _upstream.Asked.Select(address => address.ToString()));
    }

    [Fact]
    public async Task Ask_NobodyAnswers_IsAFailure()
    {
        _upstream.Answer = _ => null;

        Assert.Equal(2, (await AskAsync(Query(1, "a.example")))[3] & 15);
    }

    [Fact]
    public void Cache_EverNewNames_StaysBounded()
    {
        var cache = new DnsCache(_time);
        for (var index = 0; index < 10_000; index++)
        {
            var query = Query(1, $"n{index}.example");
            cache.Add(DnsCache.KeyOf(query, [], isStream: false), Answer(query, Minute));
        }

        Assert.InRange(cache.Count, 1, 4096);
    }

    [Fact]
    public void Disguise_Query_KeepsTheQuestionAndHidesItsLetters()
    {
        var query = Query(0x1234, "abcdefghijklmnopqrstuvwxyz.example");
        var sent = DnsUpstream.Disguise(query);

        Assert.Equal(query.Length, sent.Length);
        Assert.Equal(Encoding.ASCII.GetString(query[12..]), Encoding.ASCII.GetString(sent[12..]), ignoreCase: true);
        Assert.NotEqual(query[12..], sent[12..]);
        Assert.True(DnsUpstream.Answers(Answer(sent, 1), sent));
        Assert.False(DnsUpstream.Answers(Answer(query, 1), sent));
        Assert.False(DnsUpstream.Answers(Changed(Answer(sent, 1), 0, (byte)(sent[0] + 1)), sent));
        var otherCase = Answer(sent, 1);
        query.AsSpan(12).CopyTo(otherCase.AsSpan(12));
        Assert.False(DnsUpstream.Answers(otherCase, sent));
        Assert.True(DnsUpstream.Answers(otherCase, sent, ignoreCase: true));
    }

    [Fact]
    public void Records_SpoiledAnswers_NeverThrow()
    {
        var random = new Random(11);
        var good = Nothing(Query(1, "a.example"), 10);
        for (var round = 0; round < 50_000; round++)
        {
            var spoiled = (byte[])good.Clone();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                spoiled[random.Next(spoiled.Length)] = (byte)random.Next(256);
            }

            spoiled = spoiled[..random.Next(12, spoiled.Length + 1)];
            _ = DnsRecords.TimeToLive(spoiled);
            Assert.Equal(spoiled.Length, DnsRecords.Aged(spoiled, 3).Length);
        }
    }

    private Task<byte[]> AskAsync(byte[] query) => _forwarder.AskAsync(query, null, isStream: false, CancellationToken.None);

    private static byte[] Query(ushort id, string name)
    {
        var bytes = new List<byte> { (byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.Split('.'))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        return [.. bytes, 0, 0, 1, 0, 1];
    }

    private static byte[] Answer(byte[] query, uint seconds)
    {
        byte[] answer = [.. query, 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 7];
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(answer.Length - 10), seconds);
        (answer[2], answer[3], answer[7]) = (0x81, 0x80, 1);
        return answer;
    }

    /// <summary>No such name, with the authority's word for how long that holds.</summary>
    private static byte[] Nothing(byte[] query, byte seconds)
    {
        byte[] answer = [.. query, 0, 0, 6, 0, 1, 0, 0, 0x0E, 0x10, 0, 22, 0, 0, .. new byte[16], 0, 0, 0, seconds];
        (answer[2], answer[3], answer[9]) = (0x81, 0x83, 1);
        return answer;
    }

    private static byte[] Changed(byte[] answer, int at, byte value)
    {
        answer[at] = value;
        return answer;
    }

    private sealed class Upstream : IDnsUpstream
    {
        public ConcurrentQueue<IPAddress> Asked { get; } = [];

        public Func<byte[], byte[]?> Answer { get; set; } = _ => null;

        public IReadOnlyList<IPAddress> HostServers() => [IPAddress.Parse("192.0.2.1")];

        public Task<byte[]?> TryAskAsync(IPAddress server, byte[] query, bool isStream, CancellationToken cancellationToken)
        {
            Asked.Enqueue(server);
            return Task.FromResult(Answer(query));
        }
    }
}
