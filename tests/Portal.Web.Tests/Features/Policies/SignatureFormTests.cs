using System.Security.Cryptography;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Signing;
using Portal.Web.Features.Policies;

namespace Portal.Web.Tests.Features.Policies;

public sealed class SignatureFormTests : IDisposable
{
    private readonly ECDsa _one = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _two = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public void ToInput_OfAnEntry_IsWhatItWas()
    {
        var rules = new PolicyRules
        {
            Signatures =
            [
                new SignatureRule("registry.example.com/team/*", [_one.ExportSubjectPublicKeyInfoPem(), _two.ExportSubjectPublicKeyInfoPem()]),
                new SignatureRule("docker.io/library/*", AllowUnsigned: true),
            ],
        };
        var entry = new PolicyEntry(Guid.NewGuid(), "signed", "", null, null, rules, default);

        var back = PolicyForm.Of(entry).ToInput().Rules;

        Assert.Equal(PolicyEntry.WriteRules(rules), PolicyEntry.WriteRules(back));
        Assert.Empty(PolicyRulesProblems.Find(back));
        Assert.Null(PolicyForm.Of(entry with { Rules = new PolicyRules() }).ToInput().Rules.Signatures);
    }

    [Fact]
    public void ToInput_PastedKeys_AreTakenApart()
    {
        var row = new SignatureRow
        {
            Image = " * ", Keys = $"\r\n{_one.ExportSubjectPublicKeyInfoPem()}{_two.ExportSubjectPublicKeyInfoPem().Replace("\n", "\r\n")}\n\n",
        };
        var form = new PolicyForm { LimitsSignatures = true };
        form.Signatures.AddRange([row, new SignatureRow()]);

        var rule = Assert.Single(form.ToInput().Rules.Signatures!);

        Assert.Equal(("*", 2), (rule.Image, rule.Keys!.Count));
        Assert.Equal(2, SignatureRules.KeysOf(rule).Count());
        Assert.Equal(["ECDSA P-256", "ECDSA P-384"], row.Described.Select(one => one.Text.Split(',')[0]));
        Assert.All(row.Described, one => Assert.True(one.IsGood));
    }

    [Fact]
    public void Described_WhatIsNoKey_IsToldWithWhy()
    {
        var row = new SignatureRow { Keys = _one.ExportSubjectPublicKeyInfoPem() + "\nrubbish\n" + _one.ExportPkcs8PrivateKeyPem() };

        var described = row.Described.ToList();

        Assert.Equal([true, false], described.Select(one => one.IsGood));
        Assert.Equal(2, PolicyRulesProblems.Find(new PolicyRules { Signatures = [(row.ToRule() with { Image = "*" })] }).Count
            + described.Count(one => one.IsGood));
    }

    [Fact]
    public void Lines_Signatures_NameTheKeys()
    {
        var key = _one.ExportSubjectPublicKeyInfoPem();
        Assert.True(SigningKey.TryParse(key, out var parsed, out _));

        var line = Assert.Single(PolicyText.Lines(new PolicyRules
        {
            Signatures = [new SignatureRule("*", [key]), new SignatureRule("docker.io/library/*", AllowUnsigned: true)],
        }));

        Assert.Equal($"Signed images: * (by {parsed.Short}), docker.io/library/* (unsigned too)", line);
    }
}
