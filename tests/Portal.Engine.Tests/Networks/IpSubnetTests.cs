using System.Net;
using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Tests.Networks;

public sealed class IpSubnetTests
{
    [Theory]
    [InlineData("172.17.0.0/16", "172.17.255.255")]
    [InlineData("0.0.0.0/0", "255.255.255.255")]
    [InlineData("10.1.2.3/32", "10.1.2.3")]
    [InlineData("fd00:1::/64", "fd00:1::ffff:ffff:ffff:ffff")]
    [InlineData("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2001:db8::1/128", "2001:db8::1")]
    public void TryParse_Cidr_ReadsItBack(string text, string last)
    {
        Assert.True(IpSubnet.TryParse(text, out var subnet));
        Assert.Equal(text, subnet.ToString());
        Assert.Equal(last, subnet.Last.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("172.17.0.0")]
    [InlineData("172.17.0.0/33")]
    [InlineData("172.17.0.0/-1")]
    [InlineData("172.17.0.0/+16")]
    [InlineData("172.17.0.0/16 ")]
    [InlineData("172.17.0.1/16")]
    [InlineData("172.17/16")]
    [InlineData("0xac.17.0.0/16")]
    [InlineData("fd00::/129")]
    [InlineData("fd00::1/64")]
    [InlineData("fe80::%1/64")]
    [InlineData("[fd00::]/64")]
    [InlineData("::ffff:10.0.0.0/104")]
    [InlineData("172.17.0.0/16/8")]
    [InlineData("172.017.0.0/16")]
    public void TryParse_SomethingElse_Refuses(string? text) => Assert.False(IpSubnet.TryParse(text, out _));

    [Theory]
    [InlineData("10.0.0.0/8", "10.200.0.0/16", true)]
    [InlineData("10.0.0.0/9", "10.200.0.0/16", false)]
    [InlineData("0.0.0.0/0", "10.200.0.0/16", true)]
    [InlineData("192.168.1.0/24", "192.168.1.255/32", true)]
    [InlineData("192.168.1.0/24", "192.168.2.0/24", false)]
    [InlineData("fd00::/16", "fd00:1::/64", true)]
    [InlineData("fd00:1::/64", "fd00:1:0:1::/64", false)]
    [InlineData("::/0", "10.0.0.0/8", false)]
    public void Overlaps_TwoSubnets_IsSymmetric(string left, string right, bool expected)
    {
        Assert.True(IpSubnet.TryParse(left, out var first));
        Assert.True(IpSubnet.TryParse(right, out var second));

        Assert.Equal(expected, first.Overlaps(second));
        Assert.Equal(expected, second.Overlaps(first));
    }

    [Fact]
    public void IndexOf_Addresses_IsTheInverseOfAddressAt()
    {
        var subnet = new IpSubnet(IPAddress.Parse("172.17.3.9"), 16);

        Assert.Equal(IPAddress.Parse("172.17.1.0"), subnet.AddressAt(256));
        Assert.Equal((UInt128)256, subnet.IndexOf(IPAddress.Parse("172.17.1.0")));
        Assert.Null(subnet.IndexOf(IPAddress.Parse("172.18.0.0")));
        Assert.Null(subnet.IndexOf(IPAddress.IPv6Loopback));
        Assert.Throws<ArgumentOutOfRangeException>(() => subnet.AddressAt(65536));
    }
}
