using System.Text;
using Portal.Agent.Telemetry;
using Portal.Engine.Logs;
using Portal.Engine.Runtime;

namespace Portal.Agent.Tests.Telemetry;

public sealed class LogLineAssemblerTests
{
    private readonly LogLineAssembler _assembler = new();

    [Fact]
    public void Add_PartsOfTwoStreams_GiveTheLinesOfEach()
    {
        Assert.Null(Add("out ", OutputSource.Stdout, partial: true));
        Assert.Equal("err", Add("err\n", OutputSource.Stderr)!.Text);
        var line = Add("put\n", OutputSource.Stdout)!;
        Assert.Equal("out put", line.Text);
        Assert.False(line.IsError);
    }

    [Fact]
    public void Add_TerminalsLine_LosesItsCarriageReturn() => Assert.Equal("prompt", Add("prompt\r\n", OutputSource.Stdout)!.Text);

    [Fact]
    public void Add_BytesThatAreNoText_AreReplaced()
    {
        var line = _assembler.Add(new LogRecord(default, OutputSource.Stdout, new byte[] { 0x61, 0xff, 0x0a }, false))!;
        Assert.Equal("a\ufffd", line.Text);
    }

    [Fact]
    public void Add_LineWithoutEnd_IsCutAt16KiB()
    {
        for (var part = 0; part < 100; part++)
        {
            Assert.Null(Add(new string('x', 1024), OutputSource.Stdout, partial: true));
        }

        Assert.Equal(16 * 1024, Add("end\n", OutputSource.Stdout)!.Text.Length);
        Assert.Equal("next", Add("next\n", OutputSource.Stdout)!.Text);
    }

    private Contracts.Hubs.LogLine? Add(string text, OutputSource source, bool partial = false) =>
        _assembler.Add(new LogRecord(default, source, Encoding.UTF8.GetBytes(text), partial));
}
