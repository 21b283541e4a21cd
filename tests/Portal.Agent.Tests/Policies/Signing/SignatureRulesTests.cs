using System.Security.Cryptography;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Demands;
using Portal.Contracts.Policies.Signing;

namespace Portal.Agent.Tests.Policies.Signing;

public sealed class SignatureRulesTests : IDisposable
{
    private readonly ECDsa _ours = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _theirs = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string Ours => _ours.ExportSubjectPublicKeyInfoPem();

    private string Theirs => _theirs.ExportSubjectPublicKeyInfoPem();

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Theory]
    [InlineData("docker.io/library/busybox", "docker.io/library/*")]
    [InlineData("docker.io/team/app", "*")]
    [InlineData("registry.example.com/team/app", "registry.example.com/team/app")]
    [InlineData("registry.example.com/team/app2", "registry.example.com/team/*")]
    [InlineData("registry.example.com/other", "registry.example.com/*")]
    [InlineData("mirror.example.com/team/app", "*.example.com/*")]
    [InlineData("example.com/team/app", "*")]
    [InlineData("registry.example.com:5000/team/app", "*")]
    [InlineData("an image without a name, sha256:000000000000", "*")]
    public void RuleFor_SeveralCover_TheClosestHolds(string repository, string expected)
    {
        string[] patterns =
        [
            "*", "*.example.com/*", "registry.example.com/*", "registry.example.com/team/*", "registry.example.com/team/app",
            "docker.io/library/*",
        ];

        foreach (var order in new[] { patterns, [.. patterns.Reverse()] })
        {
            Assert.Equal(expected, SignatureRules.RuleFor([.. order.Select(one => new SignatureRule(one, [Ours]))], repository)?.Image);
        }
    }

    [Fact]
    public void Find_ImageThatNoPatternCovers_IsLeftAlone()
    {
        var policies = Of(new SignatureRule("registry.example.com/*", [Ours]));

        Assert.Null(SignatureRules.RuleFor(policies[0].Rules.Signatures, "docker.io/library/busybox"));
        Assert.Empty(PolicyCheck.Find(policies, [Demand("docker.io/library/busybox")]));
        Assert.False(SignatureRules.AreWanted(policies, "docker.io/library/busybox"));
        Assert.Empty(SignatureRules.KeysFor(policies, "docker.io/library/busybox"));
    }

    [Fact]
    public void Find_Signatures_WantsOneOfTheKeysOfEachPolicy()
    {
        const string App = "registry.example.com/team/app";
        Policy[] policies =
        [
            .. Of(new SignatureRule("*", [Ours]), new SignatureRule("registry.example.com/team/*", [Theirs, Ours])),
            new Policy("team", new PolicyRules { Signatures = [new SignatureRule("registry.example.com/*", [Theirs])] }),
        ];
        var (ours, theirs) = (FingerprintOf(Ours), FingerprintOf(Theirs));

        Assert.Equal([theirs, ours], SignatureRules.KeysFor(policies, App).Select(key => key.Fingerprint));
        Assert.Empty(PolicyCheck.Find(policies, [Demand(App, theirs)]));
        Assert.Equal(["team"], PolicyCheck.Find(policies, [Demand(App, ours)]).Select(one => one.Policy));
        Assert.Equal(["shop", "team"], PolicyCheck.Find(policies, [Demand(App)]).Select(one => one.Policy));
        Assert.Equal(
            $"The policy 'shop' does not allow images of 'docker.io/x/y' that are not signed by whom it trusts (pull: there is no signature). Rule "
            + $"Signatures: images of '*' need a signature by the key {ours[..23]}. Have it signed in its registry ('cosign sign --key KEY "
            + "docker.io/x/y@DIGEST') and pull it again.",
            PolicyViolation.Describe(PolicyCheck.Find(
                policies, [new PolicyDemand(PolicyRule.Signatures, "docker.io/x/y", "pull: there is no signature", SignedBy: [])])));
    }

    [Fact]
    public void Find_ExceptionToAWiderPattern_IsAllowed()
    {
        var policies = Of(new SignatureRule("*", [Ours]), new SignatureRule("docker.io/library/*", AllowUnsigned: true));

        Assert.Empty(PolicyCheck.Find(policies, [Demand("docker.io/library/busybox")]));
        Assert.False(SignatureRules.AreWanted(policies, "docker.io/library/busybox"));
        Assert.Single(PolicyCheck.Find(policies, [Demand("docker.io/other/busybox")]));
    }

    [Fact]
    public void Find_BeforeAnybodyLooked_IsTheAgentsToDecideWhereItCan()
    {
        var policy = Of(new SignatureRule("registry.example.com/*", [Ours]))[0];
        Policy[] older = [policy with { AgentLooksAtSignatures = false }];
        PolicyDemand[] covered = [.. PolicyDemands.Image("registry.example.com/a:1", "image")];

        Assert.Empty(PolicyCheck.Find([policy], [.. covered, PolicyDemands.Bases("build")]));
        Assert.Contains("too old", Assert.Single(PolicyCheck.Find(older, covered)).Message, StringComparison.Ordinal);
        Assert.Single(PolicyCheck.Find(older, [PolicyDemands.Bases("build")]));
        Assert.Single(PolicyCheck.Find(older, [.. PolicyDemands.Image("sha256:0123456789abcdef", "image")]));
        Assert.Empty(PolicyCheck.Find(older, [.. PolicyDemands.Image("busybox", "image")]));
        Assert.Empty(PolicyCheck.Find([new Policy("x", new PolicyRules(), false)], [PolicyDemands.Bases("build")]));
    }

    [Fact]
    public void Find_KeysThatThisVersionCantRead_SignNothing()
    {
        var policies = Of(new SignatureRule("*", ["-----BEGIN ML-DSA KEY-----"]));

        Assert.True(SignatureRules.AreWanted(policies, "docker.io/library/busybox"));
        Assert.Contains("can't use", Assert.Single(PolicyCheck.Find(policies, [Demand("docker.io/library/busybox", "sha256:0")])).Message);
    }

    [Fact]
    public void Problems_WrongSignatureRules_AreAllTold()
    {
        var problems = PolicyRulesProblems.Find(new PolicyRules
        {
            Signatures =
            [
                new SignatureRule("busybox", [Ours]),
                new SignatureRule("**", [Ours]),
                new SignatureRule(null!, [Ours]),
                new SignatureRule("docker.io/a"),
                new SignatureRule("docker.io/b", [Ours], AllowUnsigned: true),
                new SignatureRule("docker.io/c", ["no key"]),
                new SignatureRule("docker.io/d", [Ours, null!]),
                new SignatureRule("docker.io/e", [.. Enumerable.Repeat(Ours, 21)]),
                new SignatureRule("docker.io/f", [Ours]),
                new SignatureRule("docker.io/f", [Theirs]),
                null!,
            ],
        });

        Assert.True(problems.Count == 10, string.Join('\n', problems));
        Assert.Empty(PolicyRulesProblems.Find(new PolicyRules
        {
            Signatures = [new SignatureRule("*", [Ours, Theirs]), new SignatureRule("docker.io/library/*", AllowUnsigned: true)],
        }));
        Assert.Empty(PolicyRulesProblems.Find(new PolicyRules { Signatures = [] }));
    }

    [Fact]
    public void Mapping_ThereAndBack_IsTheSame()
    {
        var rules = new PolicyRules
        {
            Signatures = [new SignatureRule("*", [Ours, Theirs]), new SignatureRule("docker.io/library/*", AllowUnsigned: true)],
        };

        var back = PolicyMapping.FromMessage(PolicyMapping.ToMessage(new Policy("all", rules))).Rules.Signatures!;

        Assert.Equal([("*", 2, false), ("docker.io/library/*", 0, true)], back.Select(one => (one.Image, one.Keys!.Count, one.AllowUnsigned)));
        Assert.Equal(Ours, back[0].Keys![0]);
        Assert.Null(PolicyMapping.FromMessage(PolicyMapping.ToMessage(new Policy("none", new PolicyRules()))).Rules.Signatures);
    }

    private static PolicyDemand Demand(string repository, params string[] keys) =>
        new(PolicyRule.Signatures, repository, "pull", SignedBy: keys);

    private static Policy[] Of(params SignatureRule[] rules) => [new Policy("shop", new PolicyRules { Signatures = rules })];

    private static string FingerprintOf(string text) => SigningKey.TryParse(text, out var key, out _) ? key.Fingerprint : "";
}
