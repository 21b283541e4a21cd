using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Testing.Scripts;

/// <summary>
/// Commands with the output they are to give, in the manner of cram: lines <c>  $ COMMAND</c>, further lines of it <c>  &gt; MORE</c>,
/// and below the indented output. What is not indented is prose; <c>@NAME REASON</c> means the steps from there on for that engine
/// alone, until <c>@both</c>.
/// </summary>
public sealed class CommandScript
{
    private const string AnyLines = "...";
    private const string Pattern = " (re)";
    private const char Mark = '\u0002';
    private readonly List<CommandStep> _steps = [];

    private CommandScript(string name) => Name = name;

    public string Name { get; }

    public IReadOnlyList<CommandStep> Steps => _steps;

    /// <summary>Reads a script.</summary>
    public static CommandScript Parse(string name, IReadOnlyList<string> lines)
    {
        var script = new CommandScript(name);
        string? meant = null;
        for (var index = 0; index < lines.Count; index++)
        {
            if (lines[index].StartsWith('@'))
            {
                meant = lines[index].Split(' ')[0][1..] is var word && word == "both" ? null : word;
            }
            else if (lines[index].StartsWith("  $ ", StringComparison.Ordinal))
            {
                var (line, command, expected) = (index + 1, new StringBuilder(lines[index][4..]), new List<string>());
                for (; index + 1 < lines.Count && lines[index + 1].StartsWith("  > ", StringComparison.Ordinal); index++)
                {
                    command.Append('\n').Append(lines[index + 1][4..]);
                }

                for (; index + 1 < lines.Count && IsOutput(lines[index + 1]); index++)
                {
                    expected.Add(lines[index + 1][2..]);
                }

                script._steps.Add(new CommandStep(line, command.ToString(), expected, meant));
            }
        }

        return script;
    }

    /// <summary>The steps for one engine as a program for bash, each followed by a mark with its exit status.</summary>
    public string ToProgram(string prelude, string engine)
    {
        var program = new StringBuilder(prelude).Append('\n');
        foreach (var step in StepsFor(engine))
        {
            program.Append(step.Command).Append($"\nprintf '{Mark}%s\\n' $?\n");
        }

        return program.ToString();
    }

    /// <summary>Compares what the program wrote with what was expected.</summary>
    /// <returns>What differs, readable; empty when nothing does.</returns>
    public string Compare(string output, string engine)
    {
        var parts = Regex.Split(output.ReplaceLineEndings("\n"), $"{Mark}([0-9]+)\n");
        var differences = new StringBuilder();
        var index = 0;
        foreach (var step in StepsFor(engine))
        {
            if (index + 1 >= parts.Length)
            {
                return differences.Append($"{Name}:{step.Line}: the script broke off in: {step.Command}\n{parts[^1]}").ToString();
            }

            var seen = Lines(parts[index], parts[index + 1]);
            index += 2;
            if (!Matches([.. step.Expected], seen))
            {
                differences.Append($"{Name}:{step.Line}: $ {step.Command}\n");
                differences.AppendJoin("", step.Expected.Select(line => $"  - {line}\n"));
                differences.AppendJoin("", seen.Select(line => $"  + {line}\n"));
            }
        }

        return differences.ToString();
    }

    private static bool IsOutput(string line) =>
        line.StartsWith("  ", StringComparison.Ordinal) && !line.StartsWith("  $ ", StringComparison.Ordinal);

    private static List<string> Lines(string output, string status)
    {
        var lines = output.TrimEnd('\n').Replace("\r", "", StringComparison.Ordinal).Split('\n').Select(line => line.TrimEnd()).ToList();
        if (lines is [""])
        {
            lines.Clear();
        }

        return status == "0" ? lines : [.. lines, $"[{status}]"];
    }

    private static bool Matches(ReadOnlySpan<string> expected, List<string> seen, int at = 0)
    {
        if (expected.IsEmpty)
        {
            return at == seen.Count;
        }

        if (expected[0] == AnyLines)
        {
            for (var next = at; next <= seen.Count; next++)
            {
                if (Matches(expected[1..], seen, next))
                {
                    return true;
                }
            }

            return false;
        }

        return at < seen.Count && MatchesLine(expected[0], seen[at]) && Matches(expected[1..], seen, at + 1);
    }

    private static bool MatchesLine(string expected, string seen) => expected.EndsWith(Pattern, StringComparison.Ordinal)
        ? Regex.IsMatch(seen, $"^(?:{expected[..^Pattern.Length]})$", RegexOptions.None, TimeSpan.FromSeconds(5))
        : expected.TrimEnd() == seen;

    private IEnumerable<CommandStep> StepsFor(string engine) => _steps.Where(step => step.For is null || step.For == engine);
}
