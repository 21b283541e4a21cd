using System.Text;
using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Dockerfiles.Parsing;

/// <summary>The <c>--name=value</c> words in front of an instruction's arguments.</summary>
internal sealed class Flags
{
    private readonly string _instruction;
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    private Flags(string instruction)
    {
        _instruction = instruction;
    }

    /// <summary>What is left of the text after the flags.</summary>
    public string Rest { get; private set; } = "";

    /// <summary>True when there is at least one.</summary>
    public bool Any => _values.Count > 0;

    /// <summary>Takes the flags off the text.</summary>
    /// <param name="instruction">The instruction's name, for messages.</param>
    /// <param name="text">What follows it.</param>
    /// <param name="escape">The escape character.</param>
    /// <param name="known">Flags that it takes; those that may be given often end in <c>*</c>, switches in <c>?</c>.</param>
    public static Flags Take(string instruction, string text, char escape, params ReadOnlySpan<string> known)
    {
        var flags = new Flags(instruction);
        var rest = text.AsSpan().TrimStart();
        while (rest.StartsWith("--"))
        {
            var word = ReadWord(rest, escape, out var length);
            rest = rest[length..].TrimStart();
            if (word == "--")
            {
                break;
            }

            flags.Add(word[2..], known);
        }

        flags.Rest = rest.ToString();
        return flags;
    }

    public string? One(string name) => _values.TryGetValue(name, out var values) ? values[0] : null;

    public IReadOnlyList<string> Many(string name) => _values.TryGetValue(name, out var values) ? values : [];

    /// <summary>A switch: absent, <c>--name</c> or <c>--name=true|false</c>.</summary>
    public bool? Switch(string name)
    {
        return One(name) switch
        {
            null => null,
            "" or "true" => true,
            "false" => false,
            var other => throw new DockerfileSyntaxException(
                $"expecting boolean value for flag {name}, not: {other}"),
        };
    }

    private void Add(string flag, ReadOnlySpan<string> known)
    {
        var equals = flag.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? flag : flag[..equals];
        var isMany = known.Contains(name + "*");
        var isSwitch = known.Contains(name + "?");
        if (!isMany && !isSwitch && !known.Contains(name))
        {
            var names = known.ToArray().Select(item => item.TrimEnd('*', '?'));
            throw new DockerfileSyntaxException(
                $"unknown flag: --{name}{Suggestion.For(name, names, "--")} in {_instruction}");
        }

        if (equals < 0 && !isSwitch)
        {
            throw new DockerfileSyntaxException($"missing a value on flag: {name}");
        }

        if (!_values.TryGetValue(name, out var values))
        {
            _values[name] = values = [];
        }
        else if (!isMany)
        {
            throw new DockerfileSyntaxException($"duplicate flag specified: {name}");
        }

        values.Add(equals < 0 ? "" : flag[(equals + 1)..]);
    }

    private static string ReadWord(ReadOnlySpan<char> text, char escape, out int length)
    {
        var word = new StringBuilder();
        var quote = '\0';
        var at = 0;
        for (; at < text.Length; at++)
        {
            var letter = text[at];
            if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                break;
            }

            if (letter == escape && at + 1 < text.Length)
            {
                // Kept: the value is expanded later, which takes it away.
                word.Append(letter).Append(text[++at]);
            }
            else if (quote == '\0' && letter is '"' or '\'')
            {
                quote = letter;
                word.Append(letter);
            }
            else
            {
                quote = letter == quote ? '\0' : quote;
                word.Append(letter);
            }
        }

        length = at;
        return word.ToString();
    }
}
