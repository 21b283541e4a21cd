using System.Text;
using Portal.Web.Features.Builds.Running;

namespace Portal.Web.Tests.Features.Builds;

public sealed class BuildLogTests
{
    [Theory]
    [InlineData("plain\nlines\n", "plain\nlines\n")]
    [InlineData("no end", "no end")]
    [InlineData("\u001b[1;31mred\u001b[0m and \u001b]0;title\u0007gone\u001b(x", "red and gonex")]
    [InlineData("10 %\r20 %\r30 %\ndone\r\n", "30 %\ndone\n")]
    [InlineData("bell\u0007 and\ttab\0", "bell and\ttab")]
    [InlineData("\u001b[unended\nnext", "nended\nnext")]
    public void Append_WhatProgramsWrite_IsReadable(string written, string expected)
    {
        var log = new BuildLog();
        log.Append(Encoding.UTF8.GetBytes(written), isError: false);
        Assert.Equal(expected, TextOf(log));
    }

    [Fact]
    public void Append_ByteByByte_IsTheSame()
    {
        var log = new BuildLog();
        foreach (var letter in Encoding.UTF8.GetBytes("été \u001b[33m🐳\u001b[0m\n"))
        {
            log.Append([letter], isError: true);
        }

        Assert.Equal("été 🐳\n", TextOf(log));
    }

    [Fact]
    public void Append_VeryMuch_KeepsTheEndAndItsBound()
    {
        var log = new BuildLog();
        for (var line = 0; line < 100_000; line++)
        {
            log.Append(Encoding.ASCII.GetBytes($"line {line}\n"), isError: false);
        }

        log.Append(new byte[1 << 20].Select(_ => (byte)'x').ToArray(), isError: false);
        var text = TextOf(log);
        Assert.True(log.IsCut);
        Assert.InRange(text.Length, 100_000, 1_100_000);
        Assert.EndsWith("xxx", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_ThatAreFull_NeverChange()
    {
        var log = new BuildLog();
        log.Append(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789\n", 1000))), isError: false);
        var before = log.Blocks;
        log.Note("said by the builder");
        var after = log.Blocks;

        Assert.True(before.Count > 2);
        Assert.All(before.SkipLast(1), (block, index) => Assert.Same(block, after[index]));
        Assert.EndsWith("said by the builder\n", TextOf(log), StringComparison.Ordinal);
    }

    private static string TextOf(BuildLog log) => string.Concat(log.Blocks.Select(block => block.Text));
}
