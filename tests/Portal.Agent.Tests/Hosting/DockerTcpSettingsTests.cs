using Portal.Agent.Hosting;

using Portal.Engine.Api.Hosting;
namespace Portal.Agent.Tests.Hosting;

public sealed class DockerTcpSettingsTests
{
    [Fact]
    public void Read_NothingSaid_OffersTheSocketAlone() => Assert.Null(Read());

    [Fact]
    public void Read_AddressAlone_DemandsTls()
    {
        var options = Read(("PORTAL_DOCKER_TCP", "0.0.0.0:2376"), ("PORTAL_DOCKER_TCP_NAMES", "a.example.com, b.example.com"))!;

        Assert.False(options.WithoutTls);
        Assert.Equal(2376, options.EndPoint.Port);
        Assert.Equal(["a.example.com", "b.example.com"], options.Names);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("1")]
    [InlineData("yes")]
    public void Read_WithoutTlsByACarelessValue_SaysWhatItRisks(string value)
    {
        var failure = Assert.Throws<DockerTcpException>(
            () => Read(("PORTAL_DOCKER_TCP", "0.0.0.0:2375"), ("PORTAL_DOCKER_TCP_WITHOUT_TLS", value)));

        Assert.Contains("would give this host to whoever reaches", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WithoutTlsKnowingTheRisk_IsTaken() =>
        Assert.True(Read(("PORTAL_DOCKER_TCP", "127.0.0.1:2375"), ("PORTAL_DOCKER_TCP_WITHOUT_TLS", DockerTcpSettings.Risk))!.WithoutTls);

    [Theory]
    [InlineData("2376")]
    [InlineData("0.0.0.0")]
    [InlineData("example.com:2376")]
    public void Read_NoAddressWithAPort_IsRefused(string address) =>
        Assert.Throws<DockerTcpException>(() => Read(("PORTAL_DOCKER_TCP", address)));

    private static DockerTcpOptions? Read(params (string Key, string Value)[] settings) =>
        DockerTcpSettings.Read(key => settings.FirstOrDefault(setting => setting.Key == key).Value);
}
