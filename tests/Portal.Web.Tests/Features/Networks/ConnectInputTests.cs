using Portal.Contracts.Networks.V1;
using Portal.Web.Features.Networks.Dialogs;

namespace Portal.Web.Tests.Features.Networks;

public sealed class ConnectInputTests
{
    private static readonly Network s_network = new()
    {
        Name = "n",
        Subnets = { new SubnetConfig { Subnet = "10.20.0.0/24" }, new SubnetConfig { Subnet = "fd00:20::/64" } },
    };

    [Fact]
    public void Check_AllFields_AreAskedFor()
    {
        var input = new ConnectInput
        {
            Container = "web", Ipv4 = " 10.20.0.5", Ipv6 = "fd00:20::5", Mac = "02:42:0a:14:00:05", Aliases = "front, www",
            LinkLocal = "169.254.1.2 fe80::5", GatewayPriority = " -1", Options = "a = b=c\n\nd=\n",
        };

        Assert.Empty(input.Check(s_network, out var request));
        Assert.Equal(("n", "web", "10.20.0.5"), (request.Network, request.Container, request.Settings.Ipv4Address));
        Assert.Equal(["front", "www"], request.Settings.Aliases);
        Assert.Equal(["169.254.1.2", "fe80::5"], request.Settings.LinkLocalAddresses);
        Assert.Equal(-1, request.Settings.GatewayPriority);
        Assert.Equal(("b=c", ""), (request.Settings.DriverOptions["a"], request.Settings.DriverOptions["d"]));
    }

    [Theory]
    [InlineData("", "", "", "", "Container")]
    [InlineData("web", "10.21.0.5", "", "", "Ipv4")]
    [InlineData("web", "fd00:20::5", "", "", "Ipv4")]
    [InlineData("web", "", "10.20.0.5", "", "Ipv6")]
    [InlineData("web", "x", "x", "02:42", "Ipv4 Ipv6 Mac")]
    public void Check_WhatCannotBe_TellsOfTheField(string container, string ipv4, string ipv6, string mac, string fields)
    {
        var input = new ConnectInput { Container = container, Ipv4 = ipv4, Ipv6 = ipv6, Mac = mac };

        Assert.Equal(fields, string.Join(' ', input.Check(s_network, out _).Keys.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Check_FurtherFieldsThatCannotBe_AreToldAtOnce()
    {
        var input = new ConnectInput { Container = "web", LinkLocal = "169.254.1.2 x", GatewayPriority = "1.5", Options = "a\n=b" };

        var errors = input.Check(s_network, out _);

        Assert.Equal(["GatewayPriority", "LinkLocal", "Options"], errors.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("x is no address", errors["LinkLocal"], StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AddressOfAFamilyThatTheNetworkHasNot_SaysSo()
    {
        var errors = new ConnectInput { Container = "web", Ipv6 = "fd00::1" }.Check(new Network { Name = "n" }, out _);

        Assert.Equal("The network has no subnet for it.", errors["Ipv6"]);
    }
}
