using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Tests.Networks;

public sealed class SubnetChooserTests
{
    [Theory]
    [InlineData("172.17.0.0/16")]
    [InlineData("172.17.0.0/16", "0.0.0.0/0", "128.0.0.0/1", "192.0.2.0/24")]
    [InlineData("172.18.0.0/16", "172.17.200.0/24")]
    [InlineData("172.24.0.0/16", "172.16.0.0/13")]
    [InlineData("10.0.0.0/16", "172.16.0.0/12")]
    [InlineData("10.1.0.0/16", "172.16.0.0/12", "10.0.0.7/32")]
    [InlineData("192.168.1.0/24", "172.16.0.0/12", "10.0.0.0/8", "192.168.0.0/24")]
    public void Choose_SomeUsed_GivesTheFirstFree(string expected, params string[] used)
    {
        Assert.Equal(expected, SubnetChooser.Choose(Parse(used)).ToString());
    }

    [Fact]
    public void Choose_AllUsed_SaysSo()
    {
        var error = Assert.Throws<EngineException>(
            () => SubnetChooser.Choose(Parse("172.16.0.0/12", "10.0.0.0/8", "192.168.0.0/16")));

        Assert.Equal(EngineErrorKind.Unavailable, error.Kind);
        Assert.Contains("non-overlapping IPv4 address pool", error.Message, StringComparison.Ordinal);
    }

    private static List<IpSubnet> Parse(params string[] texts)
    {
        return [.. texts.Select(text => IpSubnet.TryParse(text, out var subnet) ? subnet : throw new ArgumentException(text))];
    }
}
