using System.Text;

namespace Portal.Compose.Interpolation;

/// <summary>
/// Puts variables into text: <c>$NAME</c>, <c>${NAME}</c>, and with a default (<c>:-</c>, <c>-</c>), an error (<c>:?</c>, <c>?</c>) or
/// something instead (<c>:+</c>, <c>+</c>), where the colon counts an empty value as none. <c>$$</c> is a dollar. What follows such a
/// sign is a template itself; a variable's value is not.
/// </summary>
internal sealed class Template(string text, Variables variables, Action<string> missing, int longest)
{
    private const int Deepest = 20;
    private int _next;

    /// <exception cref="TemplateException">The text is no template, or asks for a variable that is not there.</exception>
    public string Expand()
    {
        var result = Part(0, inBraces: false, isUsed: true);
        return result;
    }

    private string Part(int depth, bool inBraces, bool isUsed)
    {
        if (depth > Deepest)
        {
            throw new TemplateException($"Variables lie in each other more than {Deepest} deep.");
        }

        var result = new StringBuilder();
        while (_next < text.Length && !(inBraces && text[_next] == '}'))
        {
            if (text[_next] != '$')
            {
                result.Append(text[_next++]);
            }
            else
            {
                result.Append(Variable(depth, isUsed));
            }

            if (result.Length > longest)
            {
                throw new TemplateException($"With its variables it is longer than {longest:N0} characters.");
            }
        }

        return result.ToString();
    }

    private string Variable(int depth, bool isUsed)
    {
        _next++;
        var first = _next < text.Length ? text[_next] : '\0';
        if (first == '$')
        {
            _next++;
            return "$";
        }

        if (first != '{')
        {
            return Value(Name(), isUsed);
        }

        _next++;
        var name = Name();
        var value = Braced(name, depth, isUsed);
        if (_next >= text.Length)
        {
            throw new TemplateException($"'${{{name}' is not closed by '}}'.");
        }

        _next++;
        return value;
    }

    private string Braced(string name, int depth, bool isUsed)
    {
        if (_next >= text.Length || text[_next] == '}')
        {
            return Value(name, isUsed);
        }

        var asEmpty = text[_next] == ':';
        _next += asEmpty ? 1 : 0;
        var sign = _next < text.Length ? text[_next++] : '\0';
        if (sign is not ('-' or '?' or '+'))
        {
            throw Wrong();
        }

        var value = variables(name);
        var isSet = value is not null && (!asEmpty || value.Length > 0);

        // What is not used is read all the same, to find where it ends; a variable that is missing there is nobody's loss.
        var rest = Part(depth + 1, inBraces: true, isUsed && isSet == (sign == '+'));
        return (sign, isSet) switch
        {
            ('-', true) or ('?', true) => value!,
            ('-', false) or ('+', true) => rest,
            ('+', false) => "",
            _ when !isUsed => "",
            _ => throw new TemplateException(rest.Length > 0 ? $"The variable '{name}' is missing: {rest}"
                : $"The variable '{name}' is missing."),
        };
    }

    private string Value(string name, bool isUsed)
    {
        var value = variables(name);
        if (value is null && isUsed)
        {
            missing(name);
        }

        return value ?? "";
    }

    private string Name()
    {
        var start = _next;
        while (_next < text.Length
            && (char.IsAsciiLetter(text[_next]) || text[_next] == '_' || (_next > start && char.IsAsciiDigit(text[_next]))))
        {
            _next++;
        }

        return _next > start ? text[start.._next] : throw Wrong();
    }

    private static TemplateException Wrong() =>
        new("A '$' starts a variable here that has no right name or sign; write '$$' for a dollar.");
}
