using System.Globalization;
using System.Text;
using Portal.Engine.Logs.Files;
using Portal.Engine.Runtime;

namespace Portal.Engine.Tests.Logs;

public sealed class LogLineParserTests
{
    [Theory]
    [InlineData("2026-01-01T00:00:00.000000000+00:00 stdout F hello", "2026-01-01T00:00:00Z", 1, false, "hello")]
    [InlineData("2026-01-01T02:00:00.123456789+02:00 stderr P part", "2026-01-01T00:00:00.1234567Z", 2, true, "part")]
    [InlineData("2025-12-31T19:00:00.5-05:00 stdout F ", "2026-01-01T00:00:00.5Z", 1, false, "")]
    [InlineData("2026-01-01T00:00:00Z stdout F", "2026-01-01T00:00:00Z", 1, false, "")]
    [InlineData("2026-01-01T00:00:00Z stdout F  two  spaces ", "2026-01-01T00:00:00Z", 1, false, " two  spaces ")]
    public void TryParse_ValidLine_GivesItsParts(string line, string time, int source, bool partial, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(line);

        Assert.True(LogLineParser.TryParse(bytes, out var header));

        Assert.Equal(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), header.Time);
        Assert.Equal((OutputSource)source, header.Source);
        Assert.Equal(partial, header.Partial);
        Assert.Equal(text, line[Math.Min(header.Length, line.Length)..]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00:00Z stdout")]
    [InlineData("2026-01-01T00:00:00Z stdout X text")]
    [InlineData("2026-01-01T00:00:00Z stdin F text")]
    [InlineData("2026-01-01T00:00:00Z stdout Ftext")]
    [InlineData("2026-13-01T00:00:00Z stdout F text")]
    [InlineData("2026-02-30T00:00:00Z stdout F text")]
    [InlineData("0000-01-01T00:00:00Z stdout F text")]
    [InlineData("2026-01-01T24:00:00Z stdout F text")]
    [InlineData("2026-01-01T00:00:00+99:00 stdout F text")]
    [InlineData("0001-01-01T00:00:00+14:00 stdout F text")]
    [InlineData("2026-01-01T00:00:00.Z")]
    [InlineData("9999-99-99T99:99:99.999999999+99:99 stdout F x")]
    public void TryParse_MalformedLine_IsRefused(string line)
    {
        Assert.False(LogLineParser.TryParse(Encoding.UTF8.GetBytes(line), out _));
    }

    [Fact]
    public void TryParse_WhateverIsFormatted_IsReadBack()
    {
        var random = new Random(20260102);
        for (var round = 0; round < 2000; round++)
        {
            var time = new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks), TimeSpan.Zero);
            var offset = TimeSpan.FromMinutes(random.Next(-14 * 60, (14 * 60) + 1));
            if (time.Ticks + offset.Ticks < 0 || time.Ticks + offset.Ticks > DateTime.MaxValue.Ticks)
            {
                continue;
            }

            var source = random.Next(2) == 0 ? OutputSource.Stdout : OutputSource.Stderr;
            var partial = random.Next(2) == 0;
            var text = new byte[random.Next(200)];
            random.NextBytes(text);
            var stamp = time.ToOffset(offset).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00'zzz", CultureInfo.InvariantCulture);
            var head = $"{stamp} {(source == OutputSource.Stdout ? "stdout" : "stderr")} {(partial ? 'P' : 'F')} ";
            byte[] line = [.. Encoding.ASCII.GetBytes(head), .. text];

            Assert.True(LogLineParser.TryParse(line, out var header), head);

            Assert.Equal(new LogLineHeader(time, source, partial, head.Length), header);
        }
    }

    [Fact]
    public void TryParse_DamagedLine_NeverThrows()
    {
        var random = new Random(7);
        var valid = Encoding.ASCII.GetBytes("2026-01-01T00:00:00.000000000+00:00 stdout F hello");
        for (var round = 0; round < 20_000; round++)
        {
            var line = valid[..random.Next(valid.Length + 1)];
            for (var damage = 0; damage < 3 && line.Length > 0; damage++)
            {
                line[random.Next(line.Length)] = (byte)random.Next(256);
            }

            if (LogLineParser.TryParse(line, out var header))
            {
                Assert.InRange(header.Length, 1, line.Length);
            }
        }
    }
}
