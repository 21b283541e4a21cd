using System.Buffers;
using Grpc.Core;
using Grpc.Wire;

namespace Portal.Grpc.Tests.Wire;

public sealed class FormatTests
{
    [Theory]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("3S", 30_000_000)]
    [InlineData("4m", 40_000)]
    [InlineData("5u", 50)]
    [InlineData("600n", 6)]
    [InlineData("0S", 0)]
    public void TimeoutTryParse_ValidText_GivesTicks(string text, long ticks)
    {
        Assert.True(TimeoutFormat.TryParse(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("H")]
    [InlineData("1")]
    [InlineData("1h")]
    [InlineData("+1S")]
    [InlineData(" 1S")]
    [InlineData("1.5S")]
    [InlineData("123456789n")]
    [InlineData("١S")]
    public void TimeoutTryParse_Malformed_IsFalse(string text) => Assert.False(TimeoutFormat.TryParse(text, out _));

    [Theory]
    [InlineData(0, "1n")]
    [InlineData(-5, "1n")]
    [InlineData(1, "1u")]
    [InlineData(10_000_000, "1000000u")]
    [InlineData(999_999_990, "99999999u")]
    [InlineData(999_999_991, "100000m")]
    [InlineData(36_000_000_000 * 1000, "3600000S")]
    public void TimeoutFormat_AnyTime_NeverEndsEarly(long ticks, string expected)
    {
        var text = TimeoutFormat.Format(TimeSpan.FromTicks(ticks));

        Assert.Equal(expected, text);
        Assert.True(TimeoutFormat.TryParse(text, out var back));
        Assert.True(ticks <= 0 || back.Ticks >= ticks);
    }

    [Fact]
    public void TimeoutFormat_LongestTime_IsParsable() =>
        Assert.True(TimeoutFormat.TryParse(TimeoutFormat.Format(TimeSpan.MaxValue), out _));

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100 %", "100 %25")]
    [InlineData("é\n", "%C3%A9%0A")]
    [InlineData("", "")]
    public void Percent_AnyText_RoundTrips(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%2", "%2")]
    [InlineData("%zz", "%zz")]
    [InlineData("a%41b%4", "aAb%4")]
    public void PercentDecode_BrokenEscape_StaysAsItIs(string encoded, string expected) =>
        Assert.Equal(expected, PercentEncoding.Decode(encoded));

    [Fact]
    public void Metadata_RandomBytes_RoundTrip()
    {
        var random = new Random(1);
        for (var length = 0; length < 100; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var metadata = new Metadata();

            MetadataFormat.Add(metadata, "x-bin", MetadataFormat.Encode(new Metadata.Entry("x-bin", bytes)));

            Assert.Equal(bytes, metadata.GetValueBytes("x-bin"));
        }
    }

    [Fact]
    public void Metadata_TextThatNoHeaderCarries_FailsOnSending()
    {
        var exception = Assert.Throws<RpcException>(() => MetadataFormat.Encode(new Metadata.Entry("key", "a\r\nb: c")));

        Assert.Equal(StatusCode.Internal, exception.StatusCode);
    }

    [Fact]
    public void Metadata_Entries_AreCheckedAndImmutable()
    {
        byte[] bytes = [1];
        var entry = new Metadata.Entry("Key-Bin", bytes);
        bytes[0] = 2;
        entry.ValueBytes[0] = 3;

        Assert.Equal("key-bin", entry.Key);
        Assert.Equal([1], entry.ValueBytes);
        Assert.Throws<InvalidOperationException>(() => entry.Value);
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key", bytes));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key-bin", "text"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("a b", "text"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("", "text"));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("key", "value"));
    }

    [Fact]
    public void PooledBufferWriter_ManySizes_HoldsWhatWasWritten()
    {
        using var writer = new PooledBufferWriter();
        var expected = new List<byte>();
        var random = new Random(2);
        for (var i = 0; i < 200; i++)
        {
            var part = new byte[random.Next(0, 3000)];
            random.NextBytes(part);
            writer.Write(part);
            expected.AddRange(part);
        }

        Assert.True(writer.WrittenSpan.SequenceEqual(expected.ToArray()));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(int.MaxValue));
    }

    [Fact]
    public void Marshaller_OfEitherKind_OffersTheOther()
    {
        var text = Marshallers.StringMarshaller;
        var contextual = Marshallers.Create<string>(
            (value, context) =>
            {
                context.GetBufferWriter().Write(text.Serializer(value));
                context.Complete();
            },
            context => text.Deserializer(context.PayloadAsReadOnlySequence().ToArray()));

        Assert.Equal("abc", contextual.Deserializer(contextual.Serializer("abc")));
    }
}
