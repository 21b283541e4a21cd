using Portal.Web.Features.Networks.Dialogs;

namespace Portal.Web.Tests.Features.Networks;

public sealed class NetworkInputTests
{
    [Fact]
    public void Check_NameAlone_AsksForABridgeWithASubnetThatIsChosen()
    {
        var errors = new NetworkInput { Name = " front " }.Check(out var request);

        Assert.Empty(errors);
        Assert.Equal(("front", "bridge", true, false), (request.Name, request.Driver, request.EnableIpv4, request.EnableIpv6));
        Assert.Empty(request.Subnets);
    }

    [Fact]
    public void Check_BothFamilies_GivesTwoSubnets()
    {
        var input = new NetworkInput { Name = "n", EnableIpv6 = true };
        (input.Ipv4.Subnet, input.Ipv4.Gateway, input.Ipv4.Range) = ("10.20.0.0/24", "10.20.0.9", "10.20.0.128/25");
        input.Ipv6.Subnet = "fd00:20::/64";

        Assert.Empty(input.Check(out var request));
        Assert.Equal(
            ["10.20.0.0/24 10.20.0.9 10.20.0.128/25", "fd00:20::/64  "],
            request.Subnets.Select(subnet => $"{subnet.Subnet} {subnet.Gateway} {subnet.IpRange}"));
    }

    [Fact]
    public void Check_FamilyThatIsOff_IsNotAskedFor()
    {
        var input = new NetworkInput { Name = "n" };
        input.Ipv6.Subnet = "nonsense";

        Assert.Empty(input.Check(out var request));
        Assert.Empty(request.Subnets);
    }

    [Theory]
    [InlineData("10.20.0.1/24", "", "", "Ipv4.Subnet")]
    [InlineData("fd00::/64", "", "", "Ipv4.Subnet")]
    [InlineData("10.20.0.0", "", "", "Ipv4.Subnet")]
    [InlineData("", "10.20.0.1", "", "Ipv4.Subnet")]
    [InlineData("", "", "10.20.0.0/25", "Ipv4.Subnet")]
    [InlineData("10.20.0.0/24", "10.21.0.1", "", "Ipv4.Gateway")]
    [InlineData("10.20.0.0/24", "fd00::1", "", "Ipv4.Gateway")]
    [InlineData("10.20.0.0/24", "", "10.20.0.0/16", "Ipv4.Range")]
    [InlineData("10.20.0.0/24", "x", "10.21.0.0/25", "Ipv4.Gateway Ipv4.Range")]
    public void Check_SubnetThatCannotBe_TellsOfTheField(string subnet, string gateway, string range, string fields)
    {
        var input = new NetworkInput { Name = "n" };
        (input.Ipv4.Subnet, input.Ipv4.Gateway, input.Ipv4.Range) = (subnet, gateway, range);

        Assert.Equal(fields, string.Join(' ', input.Check(out _).Keys.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("macvlan", "macvlan_mode=vepa mtu=1400 parent=eth0.20")]
    [InlineData("ipvlan", "ipvlan_mode=vepa mtu=1400 parent=eth0.20")]
    [InlineData("bridge", "mtu=1400")]
    public void Check_ParentAndMode_AreOptionsOfTheDriversThatHaveThem(string driver, string expected)
    {
        var input = new NetworkInput { Name = "n", Driver = driver, Parent = " eth0.20 ", Mode = "vepa", Options = "mtu=1400\n" };

        Assert.Empty(input.Check(out var request));
        var options = request.Options.Select(option => $"{option.Key}={option.Value}").Order(StringComparer.Ordinal);
        Assert.Equal(expected, string.Join(' ', options));
    }

    [Fact]
    public void Check_EverythingWrong_TellsOfEveryField()
    {
        var input = new NetworkInput { Name = "-", EnableIpv4 = false, Options = "=x", Labels = "=y" };

        Assert.Equal(["EnableIpv4", "Labels", "Name", "Options"], input.Check(out _).Keys.Order(StringComparer.Ordinal));
    }
}
