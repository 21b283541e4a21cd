using System.Text;
using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Dockerfiles.Expansion;

/// <summary>
/// Puts variables into words and takes quotes and escapes away (Dockerfile reference, "Environment replacement"). One for each word.
/// </summary>
internal sealed class VariableExpander
{
    private const int MaxDepth = 32;
    private readonly string _text;
    private readonly char _escape;
    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly int _depth;
    private readonly bool _keepQuotes;
    private int _at;

    private VariableExpander(string text, char escape, IReadOnlyDictionary<string, string> variables, int depth, bool keepQuotes)
    {
        _text = text;
        _escape = escape;
        _variables = variables;
        _depth = depth;
        _keepQuotes = keepQuotes;
    }

    /// <summary>The word with its variables; one word, whatever blanks the values hold.</summary>
    /// <exception cref="DockerfileSyntaxException">Malformed, a modifier that is not known, or a variable that must be set and is not.</exception>
    public static string Expand(string word, char escape, IReadOnlyDictionary<string, string> variables) =>
        new VariableExpander(word, escape, variables, 0, keepQuotes: false).Run(WordParts.One()).Single();

    /// <summary>The words that the text makes once its variables are in: values split at their blanks unless quoted.</summary>
    public static IReadOnlyList<string> ExpandWords(string text, char escape, IReadOnlyDictionary<string, string> variables) =>
        new VariableExpander(text, escape, variables, 0, keepQuotes: false).Run(WordParts.Many());

    /// <summary>A here-document's content with its variables: quotes mean nothing there.</summary>
    public static string ExpandDocument(string content, char escape, IReadOnlyDictionary<string, string> variables) =>
        new VariableExpander(content, escape, variables, 0, keepQuotes: true).Run(WordParts.One()).Single();

    /// <summary>The word without its quotes and escapes.</summary>
    public static string Unquote(string word, char escape)
    {
        var text = new StringBuilder();
        var quote = '\0';
        for (var at = 0; at < word.Length; at++)
        {
            if (word[at] == escape && quote != '\'' && at + 1 < word.Length)
            {
                text.Append(word[++at]);
            }
            else if (quote == '\0' && word[at] is '"' or '\'')
            {
                quote = word[at];
            }
            else if (word[at] == quote)
            {
                quote = '\0';
            }
            else
            {
                text.Append(word[at]);
            }
        }

        return text.ToString();
    }

    private IReadOnlyList<string> Run(WordParts parts)
    {
        if (_depth > MaxDepth)
        {
            throw new DockerfileSyntaxException("variables are nested too deeply");
        }

        while (_at < _text.Length)
        {
            Step(parts);
        }

        return parts.Finish();
    }

    private void Step(WordParts parts)
    {
        var letter = _text[_at];
        if (letter == '$')
        {
            parts.AddSplitting(Dollar());
        }
        else if (letter == _escape)
        {
            Escaped(parts);
        }
        else if (letter == '\'' && !_keepQuotes)
        {
            SingleQuoted(parts);
        }
        else if (letter == '"' && !_keepQuotes)
        {
            DoubleQuoted(parts);
        }
        else
        {
            parts.AddSplitting(letter.ToString());
            _at++;
        }
    }

    private void Escaped(WordParts parts)
    {
        _at++;
        if (_keepQuotes && !(_at < _text.Length && (_text[_at] == '$' || _text[_at] == _escape)))
        {
            parts.Add(_escape);
            return;
        }

        if (_at < _text.Length)
        {
            parts.Add(_text[_at++]);
        }
    }

    private void SingleQuoted(WordParts parts)
    {
        var end = _text.IndexOf('\'', _at + 1);
        if (end < 0)
        {
            throw new DockerfileSyntaxException("unexpected end of statement while looking for matching single-quote");
        }

        parts.AddQuoted(_text[(_at + 1)..end]);
        _at = end + 1;
    }

    private void DoubleQuoted(WordParts parts)
    {
        _at++;
        parts.AddQuoted("");
        while (_at < _text.Length && _text[_at] != '"')
        {
            if (_text[_at] == '$')
            {
                parts.AddQuoted(Dollar());
                continue;
            }

            // Within double quotes only these three can be escaped; before others the mark stays.
            if (_text[_at] == _escape && _at + 1 < _text.Length && (_text[_at + 1] is '"' or '$' || _text[_at + 1] == _escape))
            {
                _at++;
            }

            parts.Add(_text[_at++]);
        }

        if (_at >= _text.Length)
        {
            throw new DockerfileSyntaxException("unexpected end of statement while looking for matching double-quote");
        }

        _at++;
    }

    private string Dollar()
    {
        _at++;
        if (_at >= _text.Length)
        {
            return "$";
        }

        if (_text[_at] == '{')
        {
            _at++;
            return Braced();
        }

        var name = Name();
        return name.Length == 0 ? "$" : _variables.GetValueOrDefault(name, "");
    }

    private string Braced()
    {
        var name = Name();
        if (name.Length == 0 || _at >= _text.Length)
        {
            throw new DockerfileSyntaxException(_at >= _text.Length ? "syntax error: missing '}'" : $"{_text}: bad substitution");
        }

        var modifier = _text[_at++];
        if (modifier == '}')
        {
            return _variables.GetValueOrDefault(name, "");
        }

        var hasColon = modifier == ':';
        if (hasColon)
        {
            modifier = _at < _text.Length ? _text[_at++] : throw new DockerfileSyntaxException("syntax error: missing '}'");
        }

        _variables.TryGetValue(name, out var value);
        return modifier switch
        {
            '+' or '-' or '?' => Conditional(name, value, modifier, hasColon),
            '#' or '%' or '/' when !hasColon => Trimmed(value ?? "", modifier),
            _ => throw new DockerfileSyntaxException($"unsupported modifier ({(hasColon ? ":" : "")}{modifier}) in substitution"),
        };
    }

    private string Conditional(string name, string? value, char modifier, bool hasColon)
    {
        var word = Word(UntilBrace());
        var isThere = value is not null && (!hasColon || value.Length > 0);
        return modifier switch
        {
            '+' => isThere ? word : "",
            '-' => isThere ? value! : word,
            _ when isThere => value!,
            _ => throw new DockerfileSyntaxException(
                $"{name}: {(word.Length > 0 ? word : hasColon ? "not allowed to be empty" : "not allowed to be unset")}"),
        };
    }

    private string Trimmed(string value, char modifier)
    {
        var isDouble = _at < _text.Length && _text[_at] == modifier;
        _at += isDouble ? 1 : 0;
        if (modifier != '/')
        {
            var pattern = Word(UntilBrace(), keepEscapes: true);
            return modifier == '#'
                ? ShellPattern.RemovePrefix(value, pattern, isDouble)
                : ShellPattern.RemoveSuffix(value, pattern, isDouble);
        }

        var both = UntilBrace();
        var slash = FindSlash(both);
        var search = Word(slash < 0 ? both : both[..slash], keepEscapes: true);
        return ShellPattern.Replace(value, search, slash < 0 ? "" : Word(both[(slash + 1)..]), isDouble);
    }

    private int FindSlash(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == _escape)
            {
                at++;
            }
            else if (text[at] == '/')
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The text up to the brace that ends this substitution; the brace is taken.</summary>
    private string UntilBrace()
    {
        var start = _at;
        var depth = 1;
        for (; _at < _text.Length; _at++)
        {
            if (_text[_at] == _escape)
            {
                _at++;
            }
            else if (_text[_at] == '{' && _at > 0 && _text[_at - 1] == '$')
            {
                depth++;
            }
            else if (_text[_at] == '}' && --depth == 0)
            {
                return _text[start.._at++];
            }
        }

        throw new DockerfileSyntaxException("syntax error: missing '}'");
    }

    private string Word(string text, bool keepEscapes = false)
    {
        // A pattern's escapes are the pattern's; one more in front of each survives the expansion.
        var source = keepEscapes ? text.Replace(_escape.ToString(), new string(_escape, 2), StringComparison.Ordinal) : text;
        var word = new VariableExpander(source, _escape, _variables, _depth + 1, _keepQuotes).Run(WordParts.One()).Single();
        return keepEscapes && _escape != '\\' ? word.Replace(_escape, '\\') : word;
    }

    private string Name()
    {
        var start = _at;
        if (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] is '@' or '*' or '#' or '?' or '!'))
        {
            // Positional and special parameters have no value here.
            return _text[_at++].ToString();
        }

        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }

        return _text[start.._at];
    }
}
