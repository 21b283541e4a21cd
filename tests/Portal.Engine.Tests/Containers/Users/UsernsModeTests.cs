using Portal.Engine.Containers.Users;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Tests.Containers.Users;

public sealed class UsernsModeTests
{
    [Theory]
    [InlineData("", false, false, 65536)]
    [InlineData("host", true, false, 65536)]
    [InlineData("auto", false, true, 65536)]
    [InlineData("auto:size=1000", false, true, 1000)]
    public void Parse_Known_IsRead(string text, bool isHost, bool isAuto, uint size)
    {
        Assert.Equal(new UsernsMode(isHost, isAuto, size), UsernsMode.Parse(text));
    }

    [Theory]
    [InlineData("private")]
    [InlineData("Host")]
    [InlineData("container:x")]
    [InlineData("auto:")]
    [InlineData("auto:size=0")]
    [InlineData("auto:size=-1")]
    [InlineData("auto:size=1,size=2")]
    [InlineData("auto:size=4294967296")]
    [InlineData("auto:size= 5")]
    [InlineData("auto:uidmapping=0:1")]
    [InlineData("auto:uidmapping=0:1:0")]
    [InlineData("auto:uidmapping=1:1:5")]
    [InlineData("auto:uidmapping=0:4294967290:20")]
    [InlineData("auto:uidmapping=0:1000:10,uidmapping=5:2000:10")]
    [InlineData("auto:uidmapping=0:1000:10,uidmapping=10:1005:10")]
    [InlineData("auto:uidmapping=0:1000:10,size=5")]
    [InlineData("auto:what=1")]
    public void Parse_Others_AreRefused(string text)
    {
        Assert.Null(UsernsMode.Parse(text));
    }

    [Fact]
    public void Parse_OneMapping_StandsForUsersAndGroups()
    {
        var mode = UsernsMode.Parse("auto:uidmapping=0:5000:10,uidmapping=10:7000:5")!;

        IdRange[] expected = [new IdRange(0, 5000, 10), new IdRange(10, 7000, 5)];
        Assert.Equal(new IdMapping(expected, expected), mode.Mapping);
    }
}
