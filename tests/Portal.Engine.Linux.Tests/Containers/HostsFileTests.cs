using Portal.Engine.Containers;
using Portal.Engine.Containers.Files;

namespace Portal.Engine.Linux.Tests.Containers;

public sealed class HostsFileTests
{
    [Theory]
    [InlineData("box", null, "box")]
    [InlineData("box", "example.org", "box.example.org box")]
    [InlineData("box.example.org", null, "box.example.org box")]
    [InlineData("box.lab", "example.org", "box.lab.example.org box")]
    [InlineData(".org", null, ".org")]
    public void Write_Hostname_IsFollowedByItsFirstPart(string hostname, string? domain, string names)
    {
        var text = HostsFile.Write(
            new ContainerSpec { Image = "web", Hostname = hostname, Domainname = domain }, ["10.0.0.2"], "10.0.0.1", hostFile: null, []);

        Assert.EndsWith($"\n10.0.0.2\t{names}\n", text);
    }
}
