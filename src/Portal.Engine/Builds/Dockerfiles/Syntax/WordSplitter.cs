using System.Text;

namespace Portal.Engine.Builds.Dockerfiles.Syntax;

/// <summary>Splits text at blanks that are neither quoted nor escaped. The words keep their quotes and escapes.</summary>
internal static class WordSplitter
{
    public static List<string> Split(string text, char escape)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                Finish(words, word);
                continue;
            }

            word.Append(letter);
            if (letter == escape && quote != '\'' && at + 1 < text.Length)
            {
                word.Append(text[++at]);
            }
            else if (quote == '\0' && letter is '"' or '\'')
            {
                quote = letter;
            }
            else if (letter == quote)
            {
                quote = '\0';
            }
        }

        Finish(words, word);
        return words;
    }

    private static void Finish(List<string> words, StringBuilder word)
    {
        if (word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }
}
