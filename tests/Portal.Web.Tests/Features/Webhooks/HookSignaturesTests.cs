using System.Security.Cryptography;
using System.Text;
using Portal.Web.Features.Webhooks;
using Portal.Web.Features.Webhooks.Receiving;

namespace Portal.Web.Tests.Features.Webhooks;

public sealed class HookSignaturesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 20, 9, 12, 1, TimeSpan.Zero);

    [Fact]
    public void Check_GitHubsOwnExample_IsRight()
    {
        // docs.github.com, "Validating webhook deliveries", "Testing the webhook payload validation".
        var request = Request("Hello, World!", ("x-hub-signature-256",
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"));

        Assert.NotNull(HookSignatures.Check(HookProvider.GitHub, "It's a Secret to Everybody", request, s_now));
        Assert.Null(HookSignatures.Check(HookProvider.GitHub, "It's a Secret to everybody", request, s_now));
    }

    [Fact]
    public void Check_BitbucketsOwnExample_IsRight()
    {
        // support.atlassian.com, "Secure webhooks": the secret and the body that stand there.
        var request = Request("Hello World!", ("x-hub-signature",
            "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"));

        Assert.NotNull(HookSignatures.Check(HookProvider.Bitbucket, "It's a Secret to Everybody", request, s_now));
    }

    [Fact]
    public void Check_StandardWebhooksOwnExample_IsRightForGitLabUntilItIsLate()
    {
        // standard-webhooks, the specification's test vector.
        const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        var signed = DateTimeOffset.FromUnixTimeSeconds(1614265330);
        var request = Request("""{"test": 2432232314}""", ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", "1614265330"), ("webhook-signature", "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));

        var proof = HookSignatures.Check(HookProvider.GitLab, Secret, request, signed)!;

        Assert.Equal(("msg_p5jXN8AQM9LWM0D4loKWxJek", false), (proof.Key, proof.IsLate));
        Assert.NotNull(proof.Digest);
        Assert.True(HookSignatures.Check(HookProvider.GitLab, Secret, request, signed.AddSeconds(301))!.IsLate);
        Assert.True(HookSignatures.Check(HookProvider.GitLab, Secret, request, signed.AddSeconds(-301))!.IsLate);
        Assert.False(HookSignatures.Check(HookProvider.GitLab, Secret, request, signed.AddSeconds(300))!.IsLate);
    }

    [Fact]
    public void Check_GitLabsSignatureBesideAToken_DecidesAlone()
    {
        var secret = HookSecrets.Create(HookProvider.GitLab);
        var token = Request("{}", ("x-gitlab-token", secret));
        var both = Request("{}", ("x-gitlab-token", secret), ("webhook-signature", "v1,AAAA"),
            ("webhook-id", "a"), ("webhook-timestamp", "1"));

        Assert.NotNull(HookSignatures.Check(HookProvider.GitLab, secret, token, s_now));
        Assert.Null(HookSignatures.Check(HookProvider.GitLab, secret, both, s_now));
    }

    [Theory]
    [InlineData("x-gitea-signature")]
    [InlineData("x-forgejo-signature")]
    public void Check_Gitea_TakesTheBareDigest(string header)
    {
        var digest = Hmac("secret", "{}");

        Assert.NotNull(HookSignatures.Check(HookProvider.Gitea, "secret", Request("{}", (header, digest)), s_now));
        Assert.Null(HookSignatures.Check(HookProvider.Gitea, "secret", Request("{ }", (header, digest)), s_now));
        Assert.Null(HookSignatures.Check(HookProvider.Gitea, "secret", Request("{}", (header, "sha256=" + digest)), s_now));
    }

    [Fact]
    public void Check_Generic_TakesWhatIsSignedWithATime()
    {
        var signature = HookSignatures.Sign("secret", s_now, "{}"u8);
        var request = Request("{}", ("x-portal-signature", signature));

        Assert.Equal($"t=1795165921,v1={Hmac("secret", "1795165921.{}")}", signature);
        Assert.False(HookSignatures.Check(HookProvider.Generic, "secret", request, s_now)!.IsLate);
        Assert.True(HookSignatures.Check(HookProvider.Generic, "secret", request, s_now.AddMinutes(6))!.IsLate);
        string[] forged =
            ["", "t=1", "v1=", signature + ",v1=00", signature.Replace("t=1", "t=2"), signature[..^1], "," + signature];
        foreach (var wrong in forged)
        {
            Assert.Null(HookSignatures.Check(HookProvider.Generic, "secret", Request("{}", ("x-portal-signature", wrong)), s_now));
        }
    }

    [Fact]
    public void Check_GenericSignatureBesideAToken_DecidesAlone()
    {
        var request = Request("{}", ("authorization", "Bearer secret"), ("x-portal-signature", "t=1,v1=00"));

        Assert.Null(HookSignatures.Check(HookProvider.Generic, "secret", request, s_now));
        Assert.NotNull(HookSignatures.Check(HookProvider.Generic, "secret", Request("{}", ("authorization", "Bearer secret")), s_now));
    }

    [Theory]
    [InlineData(HookProvider.GitHub)]
    [InlineData(HookProvider.GitHubPackages)]
    [InlineData(HookProvider.Gitea)]
    [InlineData(HookProvider.Bitbucket)]
    public void Check_ProviderThatSigns_TakesNoTokenInItsPlace(HookProvider provider)
    {
        var request = new HookRequest(
            new Dictionary<string, string> { ["authorization"] = "Bearer secret", ["x-gitlab-token"] = "secret",
                ["x-portal-token"] = "secret" },
            "secret", "{}"u8.ToArray(), "");

        Assert.Null(HookSignatures.Check(provider, "secret", request, s_now));
        Assert.Null(HookSignatures.Check(provider, "secret", Request("{}", ("x-hub-signature-256", ""), ("x-gitea-signature", "")), s_now));
    }

    [Theory]
    [InlineData(HookProvider.Distribution)]
    [InlineData(HookProvider.Harbor)]
    [InlineData(HookProvider.Azure)]
    public void Check_RegistryWithAHeader_TakesItAloneAndNotTheAddress(HookProvider provider)
    {
        Assert.NotNull(HookSignatures.Check(provider, "secret", Request("{}", ("authorization", "Bearer secret")), s_now));
        Assert.Null(HookSignatures.Check(provider, "secret", Request("{}", ("authorization", "Bearer secret ")), s_now));
        Assert.Null(HookSignatures.Check(provider, "secret", Request("{}") with { Token = "secret" }, s_now));
    }

    [Fact]
    public void Check_DockerHub_TakesTheAddressAlone()
    {
        Assert.NotNull(HookSignatures.Check(HookProvider.DockerHub, "secret", Request("{}") with { Token = "secret" }, s_now));
        Assert.Null(HookSignatures.Check(HookProvider.DockerHub, "secret", Request("{}"), s_now));
    }

    [Fact]
    public void Check_OneBodyUnderTwoNames_HasOneDigest()
    {
        var signature = "sha256=" + Hmac("secret", "{}");
        HookProof Proof(string name) => HookSignatures.Check(
            HookProvider.GitHub, "secret", Request("{}", ("x-hub-signature-256", signature), ("x-github-delivery", name)), s_now)!;

        Assert.Equal("first", Proof("first").Key);
        Assert.Equal(Proof("first").Digest, Proof("second").Digest);
    }

    internal static string Hmac(string secret, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    private static HookRequest Request(string body, params (string Name, string Value)[] headers) =>
        new(headers.ToDictionary(header => header.Name, header => header.Value), "", Encoding.UTF8.GetBytes(body), "");
}
