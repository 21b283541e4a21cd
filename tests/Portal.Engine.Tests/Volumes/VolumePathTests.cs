using System.Text;
using Portal.Engine.Errors;
using Portal.Engine.Volumes.Contents;

namespace Portal.Engine.Tests.Volumes;

public sealed class VolumePathTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("/", "")]
    [InlineData("./a//b/.", "a|b")]
    [InlineData("/a b/ä\n", "a b|ä\n")]
    [InlineData(@"a\b\x4", @"a\b\x4")]
    [InlineData(@"\x41", "A")]
    [InlineData(@"\x5cx41", @"\x41")]
    [InlineData("...", "...")]
    public void Parse_Text_IsItsNames(string text, string names)
    {
        Assert.Equal(names, string.Join('|', VolumePath.Parse(text).Names.Select(Encoding.UTF8.GetString)));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData(@"\x2e\x2e/b")]
    [InlineData(@"\x2e")]
    [InlineData(@"a\x2fb")]
    [InlineData(@"a\x00")]
    [InlineData("a\0b")]
    public void Parse_WhatNoNameHas_IsRefused(string text)
    {
        Assert.Equal(EngineErrorKind.InvalidArgument, Assert.Throws<EngineException>(() => VolumePath.Parse(text)).Kind);
    }

    [Fact]
    public void Parse_TooLong_IsRefused()
    {
        Assert.Single(VolumePath.Parse(new string('a', 255)).Names);
        Assert.Throws<EngineException>(() => VolumePath.Parse(new string('a', 256)));
        Assert.Throws<EngineException>(() => VolumePath.Parse(string.Concat(Enumerable.Repeat("abc/", 1100))));
    }

    [Fact]
    public void Encode_AnyBytes_ParseToThemAgain()
    {
        var random = new Random(5);
        for (var round = 0; round < 2000; round++)
        {
            var name = new byte[random.Next(1, 12)];
            for (var at = 0; at < name.Length; at++)
            {
                // Many of what escapes are made of.
                name[at] = random.Next(3) == 0 ? "\\x5c\xff\xc3"u8[random.Next(6)] : (byte)random.Next(1, 256);
            }

            if (!name.Contains((byte)'/') && !name.AsSpan().SequenceEqual("."u8) && !name.AsSpan().SequenceEqual(".."u8))
            {
                Assert.Equal(name, Assert.Single(VolumePath.Parse(VolumePath.Encode(name)).Names));
            }
        }
    }
}
