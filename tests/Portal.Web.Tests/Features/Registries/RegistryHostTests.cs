using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Tests.Features.Registries;

public sealed class RegistryHostTests
{
    [Theory]
    [InlineData("registry.example.com", "registry.example.com")]
    [InlineData(" Registry.Example.com:5000 ", "registry.example.com:5000")]
    [InlineData("https://registry.example.com/v2/", "registry.example.com")]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    [InlineData("hub.docker.com", "docker.io")]
    [InlineData("localhost", "localhost")]
    [InlineData("[fd00::1]:5000", "[fd00::1]:5000")]
    [InlineData("", null)]
    [InlineData("nodots", null)]
    [InlineData("a b.example.com", null)]
    [InlineData("ann@example.com", null)]
    [InlineData("ftp://example.com", null)]
    [InlineData("example.com:port", null)]
    [InlineData("-a.example.com", null)]
    public void Normalize_WhatPeopleWrite_IsOneAddress(string text, string? expected)
    {
        Assert.Equal(expected, RegistryHost.Normalize(text));
    }

    [Theory]
    [InlineData("busybox", "docker.io")]
    [InlineData("team/app:1", "docker.io")]
    [InlineData("docker.io/library/busybox", "docker.io")]
    [InlineData("index.docker.io/library/busybox", "docker.io")]
    [InlineData("Registry.example.com/app", "registry.example.com")]
    [InlineData("host:5000/app@sha256:0", "host:5000")]
    [InlineData("localhost/app", "localhost")]
    public void OfImage_Name_IsWhereItIsPulledFrom(string image, string expected)
    {
        Assert.Equal(expected, RegistryHost.OfImage(image));
    }
}
