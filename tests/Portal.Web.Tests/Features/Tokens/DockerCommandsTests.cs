using Portal.Web.Features.Tokens;

namespace Portal.Web.Tests.Features.Tokens;

public sealed class DockerCommandsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080/", false, "tcp://127.0.0.1:8080/docker/edge-1")]
    [InlineData("http://127.0.0.1:8080/", true, "tcp://127.0.0.1:8080/docker/edge-1")]
    [InlineData("https://portal.test/", false, "tcp://portal.test:443/docker/edge-1,ca=/etc/ssl/certs/ca-certificates.crt")]
    [InlineData("https://portal.test/tools/", false, "tcp://portal.test:443/tools/docker/edge-1,ca=/etc/ssl/certs/ca-certificates.crt")]
    [InlineData("https://portal.test:8443/", true, "tcp://portal.test:8443/docker/edge-1,ca=ca.pem")]
    public void ByHeader_OfAnAddress_TrustsWhoVouchesForIt(string portal, bool isOwnAuthority, string host)
    {
        var commands = DockerCommands.ByHeader(new Uri(portal), "edge-1", "portal_x", isOwnAuthority).Split('\n');

        Assert.Equal($"docker context create edge-1 --docker host={host}", commands[0]);
        Assert.Equal("export DOCKER_CONTEXT=edge-1 DOCKER_CUSTOM_HEADERS='Authorization=Bearer portal_x'", commands[1]);
    }

    [Theory]
    [InlineData("a", "portal-a")]
    [InlineData("default", "portal-default")]
    [InlineData("edge-1", "edge-1")]
    public void ByCertificate_NodeWhoseNameDockerRefuses_HasAContextAllTheSame(string node, string context)
    {
        var commands = DockerCommands.ByCertificate("portal.test", 8444, node, isOwnAuthority: true);

        Assert.Equal(
            $"docker context create {context} --docker host=tcp://portal.test:8444/docker/{node},ca=ca.pem,cert=cert.pem,key=key.pem\n"
            + $"docker --context {context} ps",
            commands);
    }
}
