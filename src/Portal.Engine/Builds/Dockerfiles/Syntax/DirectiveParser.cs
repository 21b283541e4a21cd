using System.Text.RegularExpressions;

namespace Portal.Engine.Builds.Dockerfiles.Syntax;

/// <summary>Reads directives from the top of a file until the first line that is none.</summary>
internal sealed partial class DirectiveParser
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private bool _isOver;

    public ParserDirectives Directives { get; private set; } = ParserDirectives.None;

    /// <summary>Takes one line. After the first that is no known directive, all others are ordinary comments.</summary>
    /// <exception cref="DockerfileSyntaxException">A directive that is there twice, or has a value it can't have.</exception>
    public void Add(string line)
    {
        if (_isOver)
        {
            return;
        }

        var match = Pattern().Match(line);
        var name = match.Groups["name"].Value.ToLowerInvariant();
        if (!match.Success || name is not ("escape" or "syntax" or "check"))
        {
            _isOver = true;
            return;
        }

        if (!_seen.Add(name))
        {
            throw new DockerfileSyntaxException($"only one {name} parser directive can be used");
        }

        var value = match.Groups["value"].Value;
        Directives = name switch
        {
            "escape" => Directives with { Escape = ParseEscape(value) },
            "syntax" => Directives with { Syntax = value },
            _ => Directives with { Check = value },
        };
    }

    private static char ParseEscape(string value) => value is "\\" or "`"
        ? value[0]
        : throw new DockerfileSyntaxException($"invalid escape token '{value}' does not match ` or \\");

    [GeneratedRegex(@"^#\s*(?<name>[a-zA-Z][a-zA-Z0-9]*)\s*=\s*(?<value>.+?)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
