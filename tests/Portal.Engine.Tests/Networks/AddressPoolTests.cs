using System.Net;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Tests.Networks;

public sealed class AddressPoolTests
{
    [Fact]
    public void Take_Fresh_GivesTheAddressAfterTheGateway()
    {
        Assert.Equal("172.17.0.2", Pool("172.17.0.0/16", "172.17.0.1").Take().ToString());
    }

    [Fact]
    public void Take_Small_GivesEachOnceAndThenRefuses()
    {
        var pool = Pool("10.0.0.0/29", "10.0.0.1");

        var given = Enumerable.Range(0, 5).Select(_ => pool.Take().ToString()).ToArray();

        Assert.Equal(["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"], given);
        Assert.Equal(EngineErrorKind.Unavailable, Assert.Throws<EngineException>(() => pool.Take()).Kind);
    }

    [Fact]
    public void Release_Given_IsGivenAgain()
    {
        var pool = Pool("10.0.0.0/29", "10.0.0.1");
        var first = pool.Take();
        pool.Take();

        pool.Release(first);
        pool.Release(IPAddress.Parse("192.168.0.1"));
        pool.Release(IPAddress.Parse("10.0.0.0"));

        Assert.Equal(first, pool.Take());
        Assert.Equal("10.0.0.4", pool.Take().ToString());
    }

    [Fact]
    public void TryTake_TakenOrForeign_Refuses()
    {
        var pool = Pool("10.0.0.0/24", "10.0.0.1");

        Assert.True(pool.TryTake(IPAddress.Parse("10.0.0.2")));
        Assert.False(pool.TryTake(IPAddress.Parse("10.0.0.2")));
        Assert.False(pool.TryTake(IPAddress.Parse("10.0.0.1")));
        Assert.False(pool.TryTake(IPAddress.Parse("10.0.0.255")));
        Assert.False(pool.TryTake(IPAddress.Parse("10.0.1.2")));
        Assert.Equal("10.0.0.3", pool.Take().ToString());
    }

    [Fact]
    public void Take_Ipv6_GivesTheLowestAndAnyThatIsNamed()
    {
        var pool = Pool("fd00:1::/64", "fd00:1::1");

        Assert.Equal("fd00:1::2", pool.Take().ToString());
        Assert.True(pool.TryTake(IPAddress.Parse("fd00:1::ffff:ffff:ffff:ffff")));
        Assert.False(pool.TryTake(IPAddress.Parse("fd00:1::")));
        Assert.False(pool.TryTake(IPAddress.Parse("fd00:2::3")));
        pool.Release(IPAddress.Parse("fd00:1::2"));
        Assert.Equal("fd00:1::2", pool.Take().ToString());
    }

    [Fact]
    public void Take_RangeAndKeptAddresses_StaysWithinAndPassesOver()
    {
        Assert.True(IpSubnet.TryParse("10.0.0.0/24", out var subnet));
        Assert.True(IpSubnet.TryParse("10.0.0.252/30", out var range));
        var pool = new AddressPool(subnet, [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.253")], range);

        Assert.Equal(["10.0.0.252", "10.0.0.254"], [pool.Take().ToString(), pool.Take().ToString()]);
        Assert.Throws<EngineException>(() => pool.Take());
        Assert.True(pool.TryTake(IPAddress.Parse("10.0.0.2")));
    }

    private static AddressPool Pool(string subnet, string gateway)
    {
        Assert.True(IpSubnet.TryParse(subnet, out var parsed));
        return new AddressPool(parsed, [IPAddress.Parse(gateway)]);
    }
}
