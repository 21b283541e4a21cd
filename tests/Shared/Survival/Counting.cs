using Xunit;

namespace Portal.Testing.Survival;

/// <summary>Containers' programs that count lines, and what their logs must say.</summary>
public static class Counting
{
    /// <summary>How a program that was asked to end does so.</summary>
    public const int AskedToEnd = 7;

    /// <summary>How a program ends that its policy starts again.</summary>
    public const int Failed = 9;

    /// <summary>Counts until it is asked to end, which it writes down: between two lines, not between a number and its line.</summary>
    public const string Script =
        "trap t=1 TERM; t=0; i=0; "
        + "while :; do j=0; while [ $j -lt 20 ]; do i=$((i+1)); j=$((j+1)); echo line $i; [ $t = 0 ] || { echo end $i; exit 7; }; done; "
        + "sleep 0.5 & wait $!; done";

    /// <summary>The same, so much that its log is rotated again and again.</summary>
    public const string LoudScript =
        "trap t=1 TERM; t=0; i=0; "
        + "while :; do j=0; while [ $j -lt 2000 ]; do i=$((i+1)); j=$((j+1)); echo line $i; [ $t = 0 ] || { echo end $i; exit 7; }; done; "
        + "sleep 0.2 & wait $!; done";

    /// <summary>Says that it ran, and fails.</summary>
    public const string FailingScript = "echo run; exit 9";

    /// <summary>Counts so far and ends by itself; a line takes a fiftieth of a second, more or less.</summary>
    public static string EndingScript(int lines, int exitCode) =>
        $"i=0; while [ $i -lt {lines} ]; do i=$((i+1)); echo line $i; sleep 0.02; done; echo end $i; exit {exitCode}";

    /// <summary>Says nothing missing and nothing doubled in a log of one run that came to its end.</summary>
    public static void AssertWhole(string log)
    {
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var line = 0; line < lines.Length - 1; line++)
        {
            Assert.Equal($"line {line + 1}", lines[line]);
        }

        Assert.Equal($"end {lines.Length - 1}", lines[^1]);
    }
}
