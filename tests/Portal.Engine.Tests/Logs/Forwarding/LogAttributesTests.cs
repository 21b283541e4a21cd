using Portal.Engine.Containers;
using Portal.Engine.Logs.Forwarding;

namespace Portal.Engine.Tests.Logs.Forwarding;

public sealed class LogAttributesTests
{
    [Fact]
    public void Of_MatchThatTakesLong_IsWaitedFor()
    {
        var name = new string('a', 32 * 1024 * 1024) + "c";

        var chosen = LogAttributes.Of(new ContainerSpec
        {
            Image = "busybox",
            Labels = new Dictionary<string, string> { [name] = "x", ["other"] = "y" },
            LogOptions = new Dictionary<string, string> { ["labels-regex"] = "^(a|b)*c$" },
        });

        Assert.Equal([name], chosen.Keys);
    }
}
