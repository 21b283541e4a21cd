using System.Security.Cryptography;
using Portal.Data.Backups;

namespace Portal.Data.Tests.Backups;

public sealed class SealingStreamTests
{
    private const string Passphrase = "correct horse battery";
    private const int Chunk = 4 + BackupHeader.ChunkSize + BackupHeader.TagSize;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(BackupHeader.ChunkSize)]
    [InlineData(BackupHeader.ChunkSize + 1)]
    [InlineData(3 * BackupHeader.ChunkSize)]
    public async Task Open_WhatWasSealed_IsThere(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);

        Assert.Equal(content, await OpenAsync(await SealAsync(content)));
    }

    [Fact]
    public async Task Open_SpoiledInAnyWay_IsRefused()
    {
        var whole = await SealAsync(RandomNumberGenerator.GetBytes(2 * BackupHeader.ChunkSize + 100));
        var (first, second, third) = (BackupHeader.Size, BackupHeader.Size + Chunk, BackupHeader.Size + (2 * Chunk));
        (string What, byte[] Bytes)[] spoiled =
        [
            ("nothing", []),
            ("another file", "#!/bin/sh\nexit 0\n"u8.ToArray()),
            ("salt", Flip(whole, 20)),
            ("rounds", Flip(whole, 8)),
            ("few rounds", [.. whole[..8], 0, 0, 0, 1, .. whole[12..]]),
            ("length", Flip(whole, first + 3)),
            ("mark of the last chunk", Flip(whole, first)),
            ("first byte", Flip(whole, first + 4)),
            ("tag", Flip(whole, second - 1)),
            ("second chunk", Flip(whole, second + 1000)),
            ("cut in a chunk", whole[..(second + 10)]),
            ("cut between chunks", whole[..second]),
            ("a chunk twice", [.. whole[..second], .. whole[first..]]),
            ("a chunk left out", [.. whole[..first], .. whole[second..]]),
            ("chunks in another order", [.. whole[..first], .. whole[second..third], .. whole[first..second], .. whole[third..]]),
            ("more after the end", [.. whole, 0]),
        ];

        foreach (var (what, bytes) in spoiled)
        {
            var failure = await Record.ExceptionAsync(() => OpenAsync(bytes));
            Assert.True(failure is BackupException, $"{what}: {failure}");
        }
    }

    [Fact]
    public async Task Open_OtherPassphrase_IsToldSo()
    {
        var whole = await SealAsync([1, 2, 3]);

        var failure = await Assert.ThrowsAsync<BackupException>(() => OpenAsync(whole, "wrong horse battery"));

        Assert.Contains("passphrase", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seal_SameContentTwice_GivesOtherBytes()
    {
        Assert.NotEqual(await SealAsync([1, 2, 3]), await SealAsync([1, 2, 3]));
    }

    private static async Task<byte[]> SealAsync(byte[] content)
    {
        var target = new MemoryStream();
        await using var seal = new SealingStream(target, Passphrase);
        await seal.WriteAsync(content);
        await seal.CompleteAsync(default);
        return target.ToArray();
    }

    private static async Task<byte[]> OpenAsync(byte[] bytes, string passphrase = Passphrase)
    {
        await using var opened = await OpeningStream.OpenAsync(new MemoryStream(bytes), passphrase, default);
        var content = new MemoryStream();
        await opened.CopyToAsync(content);
        return content.ToArray();
    }

    private static byte[] Flip(byte[] whole, int index)
    {
        var copy = (byte[])whole.Clone();
        copy[index] ^= 0x80;
        return copy;
    }
}
