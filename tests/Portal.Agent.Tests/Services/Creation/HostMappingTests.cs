using Portal.Agent.Services.Creation;
using Portal.Contracts.Containers.V1;
using Portal.Engine.Containers;

namespace Portal.Agent.Tests.Services.Creation;

public sealed class HostMappingTests
{
    [Fact]
    public void Complete_Namespaces_ReachTheEngineAsTheyWereAskedFor()
    {
        var request = new CreateContainerRequest { UsernsMode = "auto:size=10", PidMode = "host", IpcMode = "none", UtsMode = "host" };

        var spec = HostMapping.Complete(new ContainerSpec { Image = "busybox" }, request);

        Assert.Equal(("auto:size=10", "host", "none", "host"), (spec.UsernsMode, spec.PidMode, spec.IpcMode, spec.UtsMode));
    }
}
