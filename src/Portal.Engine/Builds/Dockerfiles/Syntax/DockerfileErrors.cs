using System.Globalization;
using System.Text;
using Portal.Engine.Errors;

namespace Portal.Engine.Builds.Dockerfiles.Syntax;

/// <summary>The words of every error about a Dockerfile: which file, which line, what is wrong.</summary>
internal static class DockerfileErrors
{
    private const int LinesAround = 2;
    private const int MostLetters = 200;

    public static BuildException At(string file, int line, string problem, Exception? cause = null) =>
        new(EngineErrorKind.InvalidArgument, $"{file}:{line}: dockerfile parse error: {problem}", file, line, cause);

    public static EngineException Of(string file, string problem) =>
        EngineException.InvalidArgument($"{file}: dockerfile parse error: {problem}");

    /// <summary>The lines around a failure, for those who look for it.</summary>
    /// <param name="lines">All lines of the file.</param>
    /// <param name="line">From 1.</param>
    public static string Excerpt(IReadOnlyList<string> lines, int line)
    {
        if (line < 1 || line > lines.Count)
        {
            return "";
        }

        var text = new StringBuilder();
        for (var number = Math.Max(1, line - LinesAround); number <= Math.Min(lines.Count, line + LinesAround); number++)
        {
            var content = lines[number - 1];
            content = content.Length > MostLetters ? content[..MostLetters] + "..." : content;
            text.Append(number == line ? '>' : ' ').Append(CultureInfo.InvariantCulture, $"{number,4} | {content}\n");
        }

        return text.ToString();
    }
}
