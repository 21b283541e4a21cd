using System.Security.Cryptography;
using System.Text;
using Portal.Testing.Fuzzing;
using Portal.Web.Encryption.Age;

namespace Portal.Web.Tests.Encryption;

public sealed class AgeTests
{
    // Made by age 1.1.1 and age-keygen.
    private const string TheirIdentity = "AGE-SECRET-KEY-1VFSKDLR6XADJ0P79EDZWRL3S23RFA7J45RWRU95VFRQZFTSTMP5SDRNACN";
    private const string TheirRecipient = "age1uvvxft5sru2vwd5tuadts5tc9ppmwdz2acu4fgp4j9nxgjxps34qd9p8lw";

    private const string TheirFile =
        "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBWZ3E1TkMybENpQ2x3SjI4U2pFTW0yZlViSGkzNlZCRzR5QXFZVlU5eUNZCnUrV1kyZ1labG13NE5Da0k5USs4WW9jSVA0eDg2"
        + "N2lYSXZaUWdhcWszeEUKLS0tIFNkZUVqSTJSUUJQR2c1NG5ENzVxTlFTZkNKUTZzSkhOMG1oTjk5cFIxM2sKXnbafPfcR4L8NUe33HAwHGYjjEWzaSYYfjozB15N0ijNt1XN8tV/l8x/"
        + "fR9T5Gdr5E6oZAXD";

    private static readonly AgeIdentity s_identity = AgeIdentity.Parse(TheirIdentity)!;

    [Fact]
    public async Task Open_WhatAgeMade_IsReadToTheEnd() =>
        Assert.Equal("A volume of the shop.\n", Encoding.UTF8.GetString(await OpenAsync(Convert.FromBase64String(TheirFile), s_identity)));

    [Fact]
    public void Keys_AreWrittenAsAgeWritesThem()
    {
        Assert.Equal(TheirRecipient, s_identity.Recipient.ToString());
        Assert.Equal(TheirIdentity, s_identity.Reveal());
        Assert.Equal(TheirRecipient, AgeRecipient.Parse(TheirRecipient)?.ToString());
        Assert.Equal(TheirIdentity, AgeIdentity.Parse($"# created: 2026\n# public key: {TheirRecipient}\n{TheirIdentity}\n")?.Reveal());
        var made = AgeIdentity.Make();
        Assert.Equal(made.Recipient.ToString(), AgeIdentity.Parse(made.Reveal())!.Recipient.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("age1")]
    [InlineData("age1uvvxft5sru2vwd5tuadts5tc9ppmwdz2acu4fgp4j9nxgjxps34qd9p8lx")]
    [InlineData("age1uvvxft5sru2vwd5tuadts5tc9ppmwdz2acu4fgp4j9nxgjxps34qd9p8l")]
    [InlineData("AGE1UVVXFT5SRU2VWD5TUADTS5TC9PPMWDZ2ACU4FGP4J9NXGJXPS34QD9P8LW")]
    [InlineData("Age1uvvxft5sru2vwd5tuadts5tc9ppmwdz2acu4fgp4j9nxgjxps34qd9p8lw")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN")]
    [InlineData(TheirIdentity)]
    public void Recipient_ThatIsNone_IsNone(string text) => Assert.Null(AgeRecipient.Parse(text));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(AgeHeader.ChunkSize - 1)]
    [InlineData(AgeHeader.ChunkSize)]
    [InlineData(AgeHeader.ChunkSize + 1)]
    [InlineData((3 * AgeHeader.ChunkSize) + 17)]
    public async Task Seal_ForSeveral_EachReadsItAndNobodyElse(int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        var (one, other) = (AgeIdentity.Make(), AgeIdentity.Make());

        var sealedFile = await SealAsync(content, one.Recipient, other.Recipient);

        Assert.Equal(content, await OpenAsync(sealedFile, one));
        Assert.Equal(content, await OpenAsync(sealedFile, other));
        var refused = await Assert.ThrowsAsync<AgeException>(() => OpenAsync(sealedFile, AgeIdentity.Make()));
        Assert.Equal("It is not encrypted for this key.", refused.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40_000)]
    [InlineData(AgeHeader.ChunkSize)]
    [InlineData(2 * AgeHeader.ChunkSize)]
    public async Task Open_CutOffAnywhereOrLonger_NeverEndsWell(int size)
    {
        var sealedFile = await SealAsync(new byte[size], s_identity.Recipient);
        var head = sealedFile.Length - size;
        foreach (var length in Enumerable.Range(0, Math.Min(head, 400)).Concat([sealedFile.Length - 1, sealedFile.Length - 16, sealedFile.Length - 17])
            .Concat(size > AgeHeader.ChunkSize ? [sealedFile.Length - AgeHeader.ChunkSize - 16] : []).Where(length => length >= 0))
        {
            await Assert.ThrowsAsync<AgeException>(() => OpenAsync(sealedFile[..length], s_identity));
        }

        await Assert.ThrowsAsync<AgeException>(() => OpenAsync([.. sealedFile, 0], s_identity));
        await Assert.ThrowsAsync<AgeException>(() => OpenAsync([.. sealedFile, .. sealedFile], s_identity));
    }

    [Fact]
    public async Task Open_Spoiled_GivesWhatItWasOrFails()
    {
        var content = Encoding.UTF8.GetBytes("A volume of the shop.\n");
        byte[][] corpus = [Convert.FromBase64String(TheirFile), await SealAsync(content, AgeIdentity.Make().Recipient, s_identity.Recipient)];
        await Fuzzer.RunAsync(2_000, async mutator =>
        {
            var file = mutator.Bytes(corpus);
            try
            {
                Assert.Equal(content, await OpenAsync(file, s_identity));
            }
            catch (AgeException)
            {
                // As it should be.
            }
        });
    }

    [Fact]
    public async Task Open_OfAnEndlessHead_IsBounded()
    {
        var endless = Encoding.ASCII.GetBytes("age-encryption.org/v1\n" + string.Concat(Enumerable.Repeat("-> X25519 a\nb\n", 100_000)));
        await Assert.ThrowsAsync<AgeException>(() => OpenAsync(endless, s_identity));
    }

    private static async Task<byte[]> SealAsync(byte[] content, params AgeRecipient[] recipients)
    {
        using var target = new MemoryStream();
        using var sealer = new AgeSealer(target, recipients);
        foreach (var piece in content.Chunk(10_000))
        {
            await sealer.WriteAsync(piece, default);
        }

        await sealer.CompleteAsync(default);
        return target.ToArray();
    }

    private static async Task<byte[]> OpenAsync(byte[] file, AgeIdentity identity)
    {
        using var plain = new MemoryStream();
        await using var stream = await AgeOpeningStream.OpenAsync(new MemoryStream(file), identity, default);
        await stream.CopyToAsync(plain);
        return plain.ToArray();
    }
}
