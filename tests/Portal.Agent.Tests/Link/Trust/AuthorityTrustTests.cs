using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Agent.Link;
using Portal.Agent.Link.Trust;

namespace Portal.Agent.Tests.Link.Trust;

/// <summary>Whom an agent takes for its portal, over real TLS.</summary>
public sealed class AuthorityTrustTests
{
    private readonly Issuer _authority = Issuer.MakeRoot();

    [Fact]
    public async Task Ask_ChainLeadsToTheAuthority_Passes()
    {
        var intermediate = _authority.MakeIntermediate();
        await using var portal = await TlsPortal.StartAsync(intermediate.Sign(), intermediate.Certificate);
        Assert.Equal(portal.Id, await AskAsync(portal.Url, Given(_authority)));
    }

    [Fact]
    public async Task Ask_CertificateIsRenewedByTheSameAuthority_PassesAgain()
    {
        await using var portal = await TlsPortal.StartAsync(_authority.Sign());
        var address = PortalAddress.Parse(portal.Url.ToString(), Given(_authority));
        using var dialer = new PortalDialer(address);
        Assert.Equal(portal.Id, await dialer.AskPortalAsync(default));

        portal.Shown = [_authority.Sign()];
        using var later = new PortalDialer(address);
        Assert.Equal(portal.Id, await later.AskPortalAsync(default));
    }

    [Fact]
    public async Task Ask_NameIsAnother_IsRefusedAndNothingIsSent()
    {
        await using var portal = await TlsPortal.StartAsync(_authority.Sign());
        await RefusesAsync("is not for the name '127.0.0.1'", portal, portal.ByAddress, Given(_authority));
    }

    [Fact]
    public async Task Ask_CertificateHasEnded_IsRefused()
    {
        await using var portal = await TlsPortal.StartAsync(_authority.Sign(daysFromNow: -1));
        await RefusesAsync("is out of date", portal, portal.Url, Given(_authority));
    }

    [Fact]
    public async Task Ask_AuthorityIsAnother_IsRefused()
    {
        await using var portal = await TlsPortal.StartAsync(Issuer.MakeRoot().Sign());
        await RefusesAsync("authorities that this node goes by", portal, portal.Url, Given(_authority));
    }

    [Fact]
    public async Task Ask_SystemDoesNotTrustTheAuthority_IsRefused()
    {
        await using var portal = await TlsPortal.StartAsync(_authority.Sign());
        await RefusesAsync("authorities that this host trusts", portal, portal.Url, AuthorityTrust.System);
    }

    [Fact]
    public async Task Ask_IntermediateIsNotSent_IsRefused()
    {
        await using var portal = await TlsPortal.StartAsync(_authority.MakeIntermediate().Sign());
        await RefusesAsync("send the whole chain", portal, portal.Url, Given(_authority));
    }

    [Fact]
    public async Task Ask_CertificateSignedItself_IsRefused()
    {
        await using var portal = await TlsPortal.StartAsync(Issuer.MakeRoot().Certificate);
        await RefusesAsync("is not for the name", portal, portal.Url, Given(_authority));
    }

    [Fact]
    public async Task Ask_CertificateIsAClients_IsRefused()
    {
        await using var portal = await TlsPortal.StartAsync(_authority.Sign(usage: "1.3.6.1.5.5.7.3.2"));
        var failure = await Assert.ThrowsAsync<LinkException>(() => AskAsync(portal.Url, Given(_authority)));
        Assert.Equal(0, portal.Asked);
        Assert.NotEqual(LinkProblem.Refused, failure.Problem);
    }

    [Fact]
    public async Task Ask_PinnedAndRenewedByTheSameAuthority_IsRefused()
    {
        var first = _authority.Sign();
        await using var portal = await TlsPortal.StartAsync(first);
        var pin = new PinnedTrust(SHA256.HashData(first.RawData));
        Assert.Equal(portal.Id, await AskAsync(portal.Url, pin));

        portal.Shown = [_authority.Sign()];
        await RefusesAsync("is not the one that this node's join token was made for", portal, portal.Url, pin, asked: 1);
    }

    [Fact]
    public async Task Ask_ReplacedWhileADialerLives_ChecksEachConnection()
    {
        await using var portal = await TlsPortal.StartAsync(_authority.Sign());
        var address = PortalAddress.Parse(portal.Url.ToString(), Given(_authority));
        using (var dialer = new PortalDialer(address))
        {
            await dialer.AskPortalAsync(default);
        }

        portal.Shown = [Issuer.MakeRoot().Sign()];
        await RefusesAsync("leads to none", portal, portal.Url, Given(_authority), asked: 1);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://localhost")]
    public void Parse_PlainHttpByAuthorities_IsRefused(string url)
    {
        var failure = Assert.Throws<LinkException>(() => PortalAddress.Parse(url, AuthorityTrust.System));
        Assert.Equal(LinkProblem.Refused, failure.Problem);
    }

    [Fact]
    public void Of_WhatHoldsNoAuthority_IsRefused()
    {
        var key = _authority.Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        var hostile = new[]
        {
            "", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", _authority.Pem + "\n" + key,
            _authority.MakeIntermediate().Pem, string.Concat(Enumerable.Repeat(_authority.Pem + "\n", 201)), new string('A', 2_000_000),
        };
        Assert.All(hostile, pem => Assert.Equal(
            LinkProblem.Refused, Assert.Throws<LinkException>(() => AuthorityTrust.Of(pem, "'file'")).Problem));
    }

    private static AuthorityTrust Given(Issuer authority) => AuthorityTrust.Of(authority.Pem, "'file'");

    private static async Task<Guid?> AskAsync(Uri url, PortalTrust trust)
    {
        using var dialer = new PortalDialer(PortalAddress.Parse(url.ToString(), trust));
        return await dialer.AskPortalAsync(default);
    }

    private static async Task RefusesAsync(string reason, TlsPortal portal, Uri url, PortalTrust trust, int asked = 0)
    {
        var failure = await Assert.ThrowsAsync<LinkException>(() => AskAsync(url, trust));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Equal(LinkProblem.Failing, failure.Problem);
        Assert.Equal(asked, portal.Asked);
    }
}
