using System.Text;

namespace Portal.Compose.Shapes;

/// <summary>Splits a line into words, with the quotes and backslashes of a POSIX shell, and nothing else of it.</summary>
public static class ShellWords
{
    /// <returns>The words, or null when a quote is not closed.</returns>
    public static IReadOnlyList<string>? Split(string line)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var letter = line[i];
            if (letter == '\\' && quote != '\'' && i + 1 < line.Length)
            {
                i++;
                if (line[i] != '\n')
                {
                    Escape(word ??= new StringBuilder(), quote, line[i]);
                }
            }
            else if (quote != '\0')
            {
                quote = letter == quote ? '\0' : quote;
                word!.Append(quote == '\0' ? "" : letter.ToString());
            }
            else if (letter is '"' or '\'')
            {
                quote = letter;
                word ??= new StringBuilder();
            }
            else if (char.IsWhiteSpace(letter))
            {
                Take(words, ref word);
            }
            else
            {
                (word ??= new StringBuilder()).Append(letter);
            }
        }

        Take(words, ref word);
        return quote == '\0' ? words : null;
    }

    private static void Escape(StringBuilder word, char quote, char letter) =>
        word.Append(quote == '"' && letter is not ('"' or '\\' or '$' or '`') ? $"\\{letter}" : letter.ToString());

    private static void Take(List<string> words, ref StringBuilder? word)
    {
        if (word is not null)
        {
            words.Add(word.ToString());
            word = null;
        }
    }
}
