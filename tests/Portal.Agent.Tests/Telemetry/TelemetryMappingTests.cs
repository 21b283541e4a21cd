using Portal.Agent.Telemetry;
using Portal.Engine.Containers;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Agent.Tests.Telemetry;

public sealed class TelemetryMappingTests
{
    [Theory]
    [InlineData("", false, null)]
    [InlineData("", true, 100_000u)]
    [InlineData("auto", true, 100_000u)]
    [InlineData("host", false, null)]
    public void ToView_UserNamespace_IsToldAsAskedForAndAsItIs(string mode, bool isMapped, uint? root)
    {
        IdRange[] ranges = [new IdRange(0, 100_000, 65_536)];
        var container = new ContainerInfo
        {
            Id = new string('a', 64),
            Name = "web",
            ImageId = "sha256:" + new string('0', 64),
            Spec = new ContainerSpec { Image = "busybox", UsernsMode = mode },
            Arguments = ["sh"],
            Created = default,
            Ids = isMapped ? new IdMapping(ranges, ranges) : null,
        };

        var view = TelemetryMapping.ToView(container, 4096);

        Assert.Equal((mode, root), (view.UsernsMode, view.RootOnHost));
    }
}
