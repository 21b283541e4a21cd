using Portal.Compose.Shapes;

namespace Portal.Compose.Commands;

/// <summary>A <c>docker run</c> line, taken apart.</summary>
internal sealed class RunLine
{
    private readonly List<string> _words;
    private int _next;

    private RunLine(IReadOnlyList<string> words)
    {
        _words = [.. words];
    }

    /// <summary>Options that were given, in order, each with its value; "true" for one without.</summary>
    public List<(string Name, RunOption Option, string Value)> Options { get; } = [];

    public List<string> Problems { get; } = [];

    public string Image { get; private set; } = "";

    public IReadOnlyList<string> Command { get; private set; } = [];

    public static RunLine? Parse(string line)
    {
        var words = ShellWords.Split(line.Trim().TrimStart('$', '#').Replace("\r\n", "\n", StringComparison.Ordinal));
        if (words is null)
        {
            return null;
        }

        var run = new RunLine(words);
        return run.SkipCommand() ? run.Read() : null;
    }

    // sudo docker --context x container run
    private bool SkipCommand()
    {
        while (_next < _words.Count && _words[_next] is not ("run" or "create"))
        {
            _next++;
        }

        return _next++ < _words.Count && _words.Take(_next)
            .Any(word => word is "docker" or "podman" || word.EndsWith("/docker", StringComparison.Ordinal));
    }

    private RunLine Read()
    {
        while (_next < _words.Count && _words[_next].StartsWith('-') && _words[_next].Length > 1)
        {
            var word = _words[_next++];
            if (word == "--")
            {
                break;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                var equals = word.IndexOf('=', StringComparison.Ordinal);
                Add(equals < 0 ? word[2..] : word[2..equals], equals < 0 ? null : word[(equals + 1)..]);
            }
            else
            {
                Letters(word[1..]);
            }
        }

        Image = _next < _words.Count ? _words[_next++] : "";
        Command = _words[Math.Min(_next, _words.Count)..];
        return this;
    }

    // -itd, -p 80:80, -p80:80, -e=A=b
    private void Letters(string letters)
    {
        for (var i = 0; i < letters.Length; i++)
        {
            var name = RunOptions.Long(letters[i]) ?? letters[i].ToString();
            var takesValue = RunOptions.Find(name) is { } option && !IsFlag(option);
            if (takesValue)
            {
                var rest = letters[(i + 1)..].TrimStart('=');
                Add(name, rest.Length > 0 ? rest : null);
                return;
            }

            Add(name, i + 1 < letters.Length && letters[i + 1] == '=' ? letters[(i + 2)..] : null);
            if (i + 1 < letters.Length && letters[i + 1] == '=')
            {
                return;
            }
        }
    }

    private void Add(string name, string? value)
    {
        if (RunOptions.Find(name) is not { } option)
        {
            Problems.Add($"The option '{name}' is unknown and was left out; if it has a value of its own, look at what follows.");
            return;
        }

        if (value is null && !IsFlag(option))
        {
            value = _next < _words.Count ? _words[_next++] : "";
        }

        Options.Add((name, option, value ?? "true"));
    }

    private static bool IsFlag(RunOption option) => option.Form is RunOptionForm.Flag or RunOptionForm.Ignored;
}
