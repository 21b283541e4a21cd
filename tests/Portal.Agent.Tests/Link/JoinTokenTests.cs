using System.Security.Cryptography;
using Portal.Contracts.Link;

namespace Portal.Agent.Tests.Link;

/// <summary>The texts that people and wires carry: read strictly.</summary>
public sealed class JoinTokenTests
{
    private static readonly byte[] s_secret = RandomNumberGenerator.GetBytes(32);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TryParse_ItsOwnText_GivesTheSameToken(bool isPinned)
    {
        var token = new JoinToken(Guid.NewGuid(), s_secret, isPinned ? RandomNumberGenerator.GetBytes(32) : null);
        Assert.True(JoinToken.TryParse(token.ToString(), out var parsed));
        Assert.Equal(token.Id, parsed.Id);
        Assert.Equal(token.Secret.ToArray(), parsed.Secret.ToArray());
        Assert.Equal(token.Fingerprint, parsed.Fingerprint);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("pjt_")]
    [InlineData("pjt_AA")]
    [InlineData("pjt_====")]
    public void TryParse_NoToken_IsFalse(string? text) => Assert.False(JoinToken.TryParse(text, out _));

    [Fact]
    public void TryParse_DamagedText_IsFalse()
    {
        var text = new JoinToken(Guid.NewGuid(), s_secret, null).ToString();
        Assert.False(JoinToken.TryParse(text[..^1], out _));
        Assert.False(JoinToken.TryParse(text + "A", out _));
        Assert.False(JoinToken.TryParse(text + "=", out _));
        Assert.False(JoinToken.TryParse(" " + text, out _));
        Assert.False(JoinToken.TryParse("PJT_" + text[4..], out _));
        Assert.False(JoinToken.TryParse(text + new string('A', 10_000), out _));
        Assert.False(JoinToken.TryParse("pjt_B" + text[5..], out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("node=x,nonce=y,signature=z")]
    [InlineData("node=00000000-0000-0000-0000-000000000000,nonce=,signature=AA")]
    [InlineData("node=00000000-0000-0000-0000-000000000000,nonce=a,signature=AA")]
    [InlineData("nonce=a,node=00000000-0000-0000-0000-000000000000,signature=AA")]
    public void TryParse_NoProof_IsFalse(string text) => Assert.False(LinkProof.TryParse(text, out _));

    [Fact]
    public void TryParse_ProofsOwnText_GivesTheSameProof()
    {
        var proof = new LinkProof(Guid.NewGuid(), "nonce", RandomNumberGenerator.GetBytes(64));
        Assert.True(LinkProof.TryParse(proof.ToString(), out var parsed));
        Assert.Equal(proof.ToString(), parsed.ToString());
    }
}
