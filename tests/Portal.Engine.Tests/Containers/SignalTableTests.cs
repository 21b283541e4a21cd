using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;

namespace Portal.Engine.Tests.Containers;

public sealed class SignalTableTests
{
    [Theory]
    [InlineData("SIGHUP", 1)]
    [InlineData("kill", 9)]
    [InlineData("TERM", 15)]
    [InlineData("SIGSTKFLT", 16)]
    [InlineData("sigchld", 17)]
    [InlineData("SIGWINCH", 28)]
    [InlineData("SIGSYS", 31)]
    [InlineData("SIGRTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-1", 63)]
    [InlineData("SIGRTMAX", 64)]
    [InlineData("15", 15)]
    [InlineData("64", 64)]
    public void Parse_KnownSignal_GivesItsNumber(string signal, int number)
    {
        Assert.Equal(number, SignalTable.Parse(signal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("SIGNOPE")]
    [InlineData("SIGSIGTERM")]
    [InlineData("SIGRTMIN+31")]
    [InlineData("99999999999999999999")]
    public void Parse_UnknownSignal_Throws(string signal)
    {
        var failure = Assert.Throws<EngineException>(() => SignalTable.Parse(signal));
        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.Equal($"invalid signal: {signal}", failure.Message);
    }
}
