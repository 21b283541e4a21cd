using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Dockerfiles.Parsing;

/// <summary>The pairs of <c>ENV</c>, <c>LABEL</c> and <c>ARG</c>.</summary>
internal static class PairParser
{
    public static IReadOnlyList<KeyValue> Pairs(string instruction, string text, char escape)
    {
        var words = WordSplitter.Split(text, escape);
        if (words.Count == 0)
        {
            throw new DockerfileSyntaxException($"{instruction} requires at least one argument");
        }

        if (!words[0].Contains('=', StringComparison.Ordinal))
        {
            var blank = text.AsSpan().IndexOfAny(' ', '\t');
            return blank < 0
                ? throw new DockerfileSyntaxException($"{instruction} must have two arguments")
                : [new KeyValue(text[..blank], text[blank..].Trim(), IsPlain: true)];
        }

        return [.. words.Select(word => Split(instruction, word))];
    }

    public static IReadOnlyList<KeyValue> Arguments(string text, char escape)
    {
        var words = WordSplitter.Split(text, escape);
        return words.Count == 0
            ? throw new DockerfileSyntaxException("ARG requires at least one argument")
            : [.. words.Select(word => word.Contains('=', StringComparison.Ordinal) ? Split("ARG", word) : new KeyValue(word, null))];
    }

    private static KeyValue Split(string instruction, string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals switch
        {
            < 0 => throw new DockerfileSyntaxException(
                $"Syntax error - can't find = in \"{word}\". Must be of the form: name=value"),
            0 => throw new DockerfileSyntaxException($"{instruction} names can not be blank"),
            _ => new KeyValue(word[..equals], word[(equals + 1)..]),
        };
    }
}
