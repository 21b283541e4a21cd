using System.Text;

namespace Portal.Web.Features.Containers.Create;

/// <summary>
/// Splits what a person types into words as a POSIX shell does (XCU 2.2, Quoting), and does nothing else of a shell: no variables, no
/// patterns, no operators.
/// </summary>
public static class CommandLineWords
{
    /// <exception cref="FormatException">A quote is not closed, or a backslash stands at the end.</exception>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        for (var index = 0; index < line.Length; index++)
        {
            var letter = line[index];
            if (char.IsWhiteSpace(letter))
            {
                if (inWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    inWord = false;
                }

                continue;
            }

            inWord = true;
            index = letter switch
            {
                '\'' => ReadSingleQuoted(line, index, word),
                '"' => ReadDoubleQuoted(line, index, word),
                '\\' => ReadEscaped(line, index, word),
                _ => Append(word, letter, index),
            };
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    private static int Append(StringBuilder word, char letter, int index)
    {
        word.Append(letter);
        return index;
    }

    private static int ReadSingleQuoted(string line, int start, StringBuilder word)
    {
        var end = line.IndexOf('\'', start + 1);
        if (end < 0)
        {
            throw new FormatException(N("A single quote (') is not closed."));
        }

        word.Append(line, start + 1, end - start - 1);
        return end;
    }

    private static int ReadDoubleQuoted(string line, int start, StringBuilder word)
    {
        for (var index = start + 1; index < line.Length; index++)
        {
            switch (line[index])
            {
                case '"':
                    return index;
                case '\\' when index + 1 < line.Length && line[index + 1] is ('"' or '\\' or '$' or '`'):
                    word.Append(line[++index]);
                    break;
                default:
                    word.Append(line[index]);
                    break;
            }
        }

        throw new FormatException(N("A double quote (\") is not closed."));
    }

    private static int ReadEscaped(string line, int index, StringBuilder word)
    {
        if (index + 1 >= line.Length)
        {
            throw new FormatException(N("There is nothing after the backslash (\\) at the end."));
        }

        word.Append(line[index + 1]);
        return index + 1;
    }
}
