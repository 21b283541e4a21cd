using System.Text;
using Portal.Web.Features.Jobs.Running;

namespace Portal.Web.Tests.Features.Jobs;

public sealed class JobLogTests
{
    [Fact]
    public void Write_OutputOfATerminal_IsPlainText()
    {
        var log = new JobLog();
        var output = "\e[1;31mgr\u00fc\u00dfe\e[0m\r\n\e]0;title\aa\0b\u0007\ttab\n"u8.ToArray();

        foreach (var one in output)
        {
            log.Write([one]);
        }

        Assert.Equal("gr\u00fc\u00dfe\nab\ttab\n", log.ToString());
    }

    [Fact]
    public void Write_MoreThanIsKept_KeepsTheEnd()
    {
        var log = new JobLog();
        for (var line = 0; line < 20_000; line++)
        {
            log.WriteLine($"line {line}");
        }

        var text = log.ToString();
        Assert.InRange(text.Length, 60 * 1024, 70 * 1024);
        Assert.StartsWith("… what was before is not kept\n", text, StringComparison.Ordinal);
        Assert.EndsWith("line 19999\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NoText_CanBeWrittenDown()
    {
        var (log, random) = (new JobLog(), new Random(8135));
        var bytes = new byte[4096];
        for (var round = 0; round < 50; round++)
        {
            random.NextBytes(bytes);
            log.Write(bytes);
        }

        var text = log.ToString();
        Assert.Equal(text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
        Assert.DoesNotContain('\0', text);
        Assert.DoesNotContain('\e', text);
    }
}
