using System.Text;
using Portal.Compose.Nodes;
using Portal.Compose.Problems;

namespace Portal.Compose.Interpolation;

/// <summary>
/// Reads files of variables: <c>NAME=value</c> lines, with comments, <c>export</c>, quotes that may go over lines, and variables within
/// values that are not in single quotes. A name alone takes its value from around.
/// </summary>
internal sealed class EnvFile(string file, string text, Variables around, ProblemList problems, int longest)
{
    private readonly List<KeyValuePair<string, string>> _found = [];
    private int _next;
    private int _line = 1;

    public IReadOnlyList<KeyValuePair<string, string>> Read()
    {
        while (_next < text.Length)
        {
            SkipBlanks();
            if (_next >= text.Length || text[_next] is '\n' or '\r' or '#')
            {
                SkipLine();
                continue;
            }

            ReadVariable();
        }

        return _found;
    }

    /// <summary>Lines as they are: neither quotes nor variables nor comments at their end.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ReadRaw()
    {
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd('\r')))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line.Trim().Length > 0 && !line.StartsWith('#'))
            {
                Add(equals < 0 ? line.Trim() : line[..equals].Trim(), equals < 0 ? around(line.Trim()) : line[(equals + 1)..]);
            }

            _line++;
        }

        return _found;
    }

    private void ReadVariable()
    {
        var start = _next;
        while (_next < text.Length && text[_next] is not ('=' or '\n' or '\r' or '#'))
        {
            _next++;
        }

        var name = text[start.._next].Trim();
        name = name.StartsWith("export ", StringComparison.Ordinal) ? name["export ".Length..].Trim() : name;
        if (_next >= text.Length || text[_next] != '=')
        {
            Add(name, around(name));
            SkipLine();
            return;
        }

        _next++;
        SkipBlanks();
        var line = _line;
        var value = _next < text.Length ? text[_next] : '\n';
        var read = value switch
        {
            '\'' => Quoted('\''),
            '"' => Expand(Quoted('"'), line),
            _ => Expand(Plain(), line),
        };
        Add(name, read);
        SkipLine();
    }

    private void Add(string name, string? value)
    {
        if (name.Length == 0 || name.Any(char.IsWhiteSpace))
        {
            problems.Error(new Mark(file, _line, 1), name, "This is no line NAME=value.");
        }
        else if (value is not null)
        {
            _found.Add(KeyValuePair.Create(name, value));
        }
    }

    private string Plain()
    {
        var start = _next;
        while (_next < text.Length && text[_next] is not ('\n' or '\r'))
        {
            if (text[_next] == '#' && (_next == start || text[_next - 1] is ' ' or '\t'))
            {
                break;
            }

            _next++;
        }

        return text[start.._next].TrimEnd();
    }

    private string Quoted(char quote)
    {
        var start = _line;
        var value = new StringBuilder();
        for (_next++; _next < text.Length; _next++)
        {
            var letter = text[_next];
            if (letter == quote)
            {
                _next++;
                return value.ToString();
            }

            _line += letter == '\n' ? 1 : 0;
            if (letter == '\\' && _next + 1 < text.Length)
            {
                Escape(value, quote, text[++_next]);
            }
            else
            {
                value.Append(letter);
            }
        }

        problems.Error(new Mark(file, start, 1), "", $"A value starts with {quote} and has no end.");
        return value.ToString();
    }

    private static void Escape(StringBuilder value, char quote, char letter)
    {
        if (quote == '\'')
        {
            value.Append(letter == '\'' ? "'" : $"\\{letter}");
            return;
        }

        value.Append(letter switch
        {
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            '"' or '\\' => letter.ToString(),

            // For the template that this is yet.
            '$' => "$$",
            _ => $"\\{letter}",
        });
    }

    private string Expand(string value, int line)
    {
        try
        {
            return new Template(value, Lookup, name => Missing(name, line), longest).Expand();
        }
        catch (TemplateException wrong)
        {
            problems.Error(new Mark(file, line, 1), "", wrong.Message);
            return "";
        }
    }

    private string? Lookup(string name)
    {
        var own = _found.FindLastIndex(pair => pair.Key == name);
        return around(name) ?? (own < 0 ? null : _found[own].Value);
    }

    private void Missing(string name, int line) =>
        problems.Warning(new Mark(file, line, 1), "", $"The variable '{name}' is not set; it is empty here.");

    private void SkipBlanks()
    {
        while (_next < text.Length && text[_next] is (' ' or '\t' or '\uFEFF'))
        {
            _next++;
        }
    }

    private void SkipLine()
    {
        var end = _next < text.Length ? text.IndexOf('\n', _next) : -1;
        _next = end < 0 ? text.Length : end + 1;
        _line++;
    }
}
