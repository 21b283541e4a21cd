using System.Text;

namespace Portal.Engine.Builds.Dockerfiles.Syntax;

/// <summary>
/// Joins the lines of a file into instructions (Dockerfile reference, "Format"): comments and empty lines go, also in the middle of a
/// continued instruction; here-documents are taken as they are.
/// </summary>
internal sealed class LineReader(string file, string[] lines)
{
    private readonly DirectiveParser _directives = new();
    private readonly List<DockerfileLine> _instructions = [];
    private int _next;

    public ParserDirectives Directives => _directives.Directives;

    /// <exception cref="Errors.EngineException">InvalidArgument: the file breaks the language's form, with file and line.</exception>
    public IReadOnlyList<DockerfileLine> Read()
    {
        while (_next < lines.Length)
        {
            var start = _next + 1;
            try
            {
                ReadOne(start);
            }
            catch (DockerfileSyntaxException problem)
            {
                throw DockerfileErrors.At(file, start, problem.Message, problem);
            }
        }

        return _instructions;
    }

    private void ReadOne(int start)
    {
        var line = lines[_next++];
        _directives.Add(line);
        if (IsCommentOrEmpty(line))
        {
            return;
        }

        var text = new StringBuilder();
        var goesOn = Append(text, line.TrimStart());
        while (goesOn && _next < lines.Length)
        {
            var more = lines[_next++];
            if (!IsCommentOrEmpty(more))
            {
                goesOn = Append(text, more);
            }
        }

        var whole = text.ToString().TrimEnd();
        if (whole.Length == 0)
        {
            return;
        }

        var documents = HereDocumentMarks.Find(whole, Directives.Escape).Select(ReadDocument).ToList();
        _instructions.Add(new DockerfileLine(whole, start, _next, documents));
        if (_instructions.Count > DockerfileLimits.MaxInstructions)
        {
            throw new DockerfileSyntaxException($"the file holds over {DockerfileLimits.MaxInstructions} instructions");
        }
    }

    private HereDocument ReadDocument(HereDocument mark)
    {
        var content = new StringBuilder();
        while (_next < lines.Length)
        {
            var line = mark.Chomp ? lines[_next].TrimStart('\t') : lines[_next];
            _next++;
            if (line == mark.Name)
            {
                return mark with { Content = content.ToString() };
            }

            content.Append(line).Append('\n');
        }

        throw new DockerfileSyntaxException($"unterminated heredoc: no line holds '{mark.Name}' alone");
    }

    /// <summary>Appends a line without its continuation mark; true when there was one.</summary>
    private bool Append(StringBuilder text, string line)
    {
        var trimmed = line.AsSpan().TrimEnd(" \t");
        var escape = Directives.Escape;

        // Two marks in a row are an escaped mark and no continuation.
        var isContinued = trimmed.Length > 0 && trimmed[^1] == escape && (trimmed.Length == 1 || trimmed[^2] != escape);
        text.Append(isContinued ? trimmed[..^1] : line);
        return isContinued;
    }

    private static bool IsCommentOrEmpty(string line)
    {
        var trimmed = line.AsSpan().TrimStart();
        return trimmed.IsEmpty || trimmed[0] == '#';
    }
}
