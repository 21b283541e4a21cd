using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Portal.Engine.Api.Streams;
using Portal.Engine.Logs;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Tests.Streams;

public sealed class LogFrameWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();

    [Fact]
    public void Write_NotGathering_MakesAFrameOfEachRecord()
    {
        using var writer = new LogFrameWriter(_output, isTerminal: false, gather: false);

        writer.Write(Record("one\n"), "");
        writer.Write(Record("two\n"), "");

        Assert.Equal([(1, "one\n"), (1, "two\n")], Frames());
    }

    [Fact]
    public void Write_Gathering_MakesOneFrameOfOneStreamsRecords()
    {
        using var writer = new LogFrameWriter(_output, isTerminal: false, gather: true);

        writer.Write(Record("one\n"), "12:00 ");
        writer.Write(Record("two\n"), "12:01 ");
        writer.Complete();

        Assert.Equal([(1, "12:00 one\n12:01 two\n")], Frames());
    }

    [Fact]
    public void Write_GatheringTwoStreams_KeepsTheirOrder()
    {
        using var writer = new LogFrameWriter(_output, isTerminal: false, gather: true);

        writer.Write(Record("a"), "");
        writer.Write(Record("b"), "");
        writer.Write(Record("c", OutputSource.Stderr), "");
        writer.Write(Record("d"), "");
        writer.Complete();

        Assert.Equal([(1, "ab"), (2, "c"), (1, "d")], Frames());
    }

    [Fact]
    public void Write_GatheringMoreThanFits_BeginsANewFrame()
    {
        using var writer = new LogFrameWriter(_output, isTerminal: false, gather: true);
        var line = new string('x', 20_000);

        writer.Write(Record(line), "");
        writer.Write(Record(line), "");
        writer.Complete();

        Assert.Equal([(1, line), (1, line)], Frames());
    }

    [Fact]
    public void Write_GatheringARecordThatFitsInNone_SendsItWholeAndInPlace()
    {
        using var writer = new LogFrameWriter(_output, isTerminal: false, gather: true);
        var large = new string('x', 100_000);

        writer.Write(Record("before"), "");
        writer.Write(Record(large), "p ");
        writer.Write(Record("after"), "");
        writer.Complete();

        Assert.Equal([(1, "before"), (1, "p " + large), (1, "after")], Frames());
    }

    [Fact]
    public void Write_Terminal_HasNoFrames()
    {
        using var writer = new LogFrameWriter(_output, isTerminal: true, gather: true);

        writer.Write(Record("one"), "p ");
        writer.Complete();

        Assert.Equal("p one", Encoding.ASCII.GetString(_output.WrittenSpan));
    }

    [Fact]
    public void Complete_NothingGathered_WritesNothing()
    {
        using var writer = new LogFrameWriter(_output, isTerminal: false, gather: true);

        writer.Complete();

        Assert.Equal(0, _output.WrittenCount);
    }

    private static LogRecord Record(string text, OutputSource source = OutputSource.Stdout) =>
        new(DateTimeOffset.UnixEpoch, source, Encoding.ASCII.GetBytes(text), Partial: false);

    private List<(int Stream, string Text)> Frames()
    {
        var frames = new List<(int, string)>();
        for (var rest = _output.WrittenSpan; rest.Length > 0;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest[4..]);
            frames.Add((rest[0], Encoding.ASCII.GetString(rest.Slice(8, length))));
            rest = rest[(8 + length)..];
        }

        return frames;
    }
}
