using System.Security.Cryptography;
using System.Text;
using Portal.Contracts.Policies.Signing;

namespace Portal.Agent.Tests.Policies.Signing;

public sealed class SigningKeyTests
{
    private static readonly byte[] s_data = Encoding.UTF8.GetBytes("""{"critical":{}}""");

    [Theory]
    [InlineData("nistP256", "ECDSA P-256", "SHA256")]
    [InlineData("nistP384", "ECDSA P-384", "SHA256")]
    [InlineData("nistP384", "ECDSA P-384", "SHA384")]
    public void Verifies_Ecdsa_ItsOwnAlone(string curve, string kind, string hash)
    {
        using var signer = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        using var other = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        var key = Parse(signer.ExportSubjectPublicKeyInfoPem());
        var signature = signer.SignData(s_data, new HashAlgorithmName(hash), DSASignatureFormat.Rfc3279DerSequence);

        Assert.Equal(kind, key.Kind);
        Assert.True(key.Verifies(s_data, signature));
        Assert.False(key.Verifies([.. s_data, 0], signature));
        Assert.False(Parse(other.ExportSubjectPublicKeyInfoPem()).Verifies(s_data, signature));
        Assert.False(key.Verifies(s_data, signer.SignData(s_data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence)));
        SpoilEach(key, signature);
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    public void Verifies_Rsa_ItsOwnAlone(int bits)
    {
        using var signer = RSA.Create(bits);
        var key = Parse(signer.ExportSubjectPublicKeyInfoPem());
        var signature = signer.SignData(s_data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        Assert.Equal($"RSA {bits}", key.Kind);
        Assert.True(key.Verifies(s_data, signature));
        Assert.False(key.Verifies([1, .. s_data], signature));
        Assert.False(key.Verifies(s_data, signer.SignData(s_data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
        SpoilEach(key, signature);
    }

    /// <summary>RFC 8032, section 7.1, tests 1 to 3.</summary>
    [Theory]
    [InlineData(
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void Verifies_Ed25519_TheVectorsOfItsRfc(string point, string message, string signature)
    {
        var key = Parse(Ed25519Pem(Convert.FromHexString(point)));
        var (data, good) = (Convert.FromHexString(message), Convert.FromHexString(signature));

        Assert.Equal("Ed25519", key.Kind);
        Assert.True(key.Verifies(data, good));
        Assert.False(key.Verifies([.. data, 0], good));
        Assert.False(key.Verifies(data, WithOrderAdded(good)));
        Assert.False(key.Verifies(data, good[..63]));
        for (var place = 0; place < good.Length; place += 7)
        {
            var bad = good.ToArray();
            bad[place] ^= 1;
            Assert.False(key.Verifies(data, bad));
        }
    }

    [Fact]
    public void TryParse_TheSameKeyInOtherLines_HasTheSameFingerprint()
    {
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var text = signer.ExportSubjectPublicKeyInfoPem();
        var other = Parse($"\n  {text.Replace("\n", "\r\n", StringComparison.Ordinal)}\r\n\r\n");

        Assert.Equal(Parse(text).Fingerprint, other.Fingerprint);
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(signer.ExportSubjectPublicKeyInfo()))}", other.Fingerprint);
        Assert.Equal(other.Fingerprint[..23], other.Short);
    }

    [Fact]
    public void TryParse_WhatIsNoUsableKey_IsRefusedWithWhy()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var p521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        using var small = RSA.Create(1024);
        var good = p256.ExportSubjectPublicKeyInfoPem();

        Refused("", "missing");
        Refused("   ", "missing");
        Refused(null, "missing");
        Refused("ssh-ed25519 AAAA", "no key in PEM");
        Refused(p256.ExportPkcs8PrivateKeyPem(), "private key");
        Refused(PemEncoding.WriteString("ENCRYPTED SIGSTORE PRIVATE KEY", [1]), "private key");
        Refused(PemEncoding.WriteString("CERTIFICATE", [1, 2, 3]), "'CERTIFICATE'");
        Refused(good + "\n" + good, "more than one");
        Refused("key: " + good, "more than one");
        Refused(new string(' ', 9000) + good, "no key in PEM");
        Refused(p521.ExportSubjectPublicKeyInfoPem(), "P-256 or P-384");
        Refused(small.ExportSubjectPublicKeyInfoPem(), "2048");
        Refused(PemEncoding.WriteString("PUBLIC KEY", [1, 2, 3]), "can't be used");
        Refused(PemEncoding.WriteString("PUBLIC KEY", [.. p256.ExportSubjectPublicKeyInfo(), 0]), "can't be used");
        Refused(Ed25519Pem(new byte[31]), "can't be used");
        Refused(Ed25519Pem([2, .. new byte[31]]), "can't be used");
        var offCurve = p256.ExportSubjectPublicKeyInfo();
        offCurve[^1] ^= 1;
        Refused(PemEncoding.WriteString("PUBLIC KEY", offCurve), "can't be used");
    }

    [Fact]
    public void TryParse_SpoiledKeys_NeverThrow()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        foreach (var der in new[] { ecdsa.ExportSubjectPublicKeyInfo(), rsa.ExportSubjectPublicKeyInfo() })
        {
            for (var place = 0; place < der.Length; place++)
            {
                var bad = der.ToArray();
                bad[place] ^= (byte)(1 + (place % 255));
                if (SigningKey.TryParse(PemEncoding.WriteString("PUBLIC KEY", bad), out var key, out _))
                {
                    Assert.False(key.Verifies(s_data, new byte[64]));
                }
            }
        }
    }

    private static void Refused(string? text, string why)
    {
        Assert.False(SigningKey.TryParse(text, out var key, out var problem));
        Assert.Null(key);
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    private static SigningKey Parse(string text) =>
        SigningKey.TryParse(text, out var key, out var problem) ? key : throw new Xunit.Sdk.XunitException(problem);

    private static void SpoilEach(SigningKey key, byte[] signature)
    {
        Assert.False(key.Verifies(s_data, []));
        Assert.False(key.Verifies(s_data, new byte[4096]));
        for (var place = 0; place < signature.Length; place += 3)
        {
            var bad = signature.ToArray();
            bad[place] ^= 0x40;
            Assert.False(key.Verifies(s_data, bad));
            Assert.False(key.Verifies(s_data, signature[..place]));
        }
    }

    private static string Ed25519Pem(byte[] point) =>
        PemEncoding.WriteString(
            "PUBLIC KEY",
            [0x30, (byte)(10 + point.Length), 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, (byte)(point.Length + 1), 0, .. point]);

    // The same scalar in a second form, as it must not be accepted (RFC 8032, section 5.1.7, step 1).
    private static byte[] WithOrderAdded(byte[] signature)
    {
        var order = new System.Numerics.BigInteger(
            Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"), isUnsigned: true);
        var scalar = new System.Numerics.BigInteger(signature.AsSpan(32), isUnsigned: true) + order;
        var changed = signature.ToArray();
        scalar.TryWriteBytes(changed.AsSpan(32), out _, isUnsigned: true);
        return changed;
    }
}
