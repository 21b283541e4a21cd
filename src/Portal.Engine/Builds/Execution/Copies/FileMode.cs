using Portal.Engine.Archives;
using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>What <c>--chmod</c> says: digits (<c>0644</c>), or changes (<c>u=rwX,go-w</c>, chmod(1)).</summary>
internal sealed class FileMode
{
    private readonly int? _absolute;
    private readonly List<Change> _changes = [];

    private FileMode(int? absolute)
    {
        _absolute = absolute;
    }

    /// <exception cref="DockerfileSyntaxException">Neither.</exception>
    public static FileMode Parse(string text)
    {
        if (text.Length is > 0 and <= 5 && text.All(digit => digit is >= '0' and <= '7') && Convert.ToInt32(text, 8) <= 0xFFF)
        {
            return new FileMode(Convert.ToInt32(text, 8));
        }

        var mode = new FileMode(null);
        foreach (var clause in text.Split(','))
        {
            mode.Add(clause, text);
        }

        return mode;
    }

    public int Apply(TarEntry entry)
    {
        var mode = entry.Mode;
        foreach (var change in _changes)
        {
            mode = change.Apply(mode, entry.Kind == TarEntryKind.Folder);
        }

        return _absolute ?? mode;
    }

    private void Add(string clause, string text)
    {
        var at = 0;
        var who = 0;
        for (; at < clause.Length && clause[at] is 'u' or 'g' or 'o' or 'a'; at++)
        {
            who |= clause[at] switch { 'u' => 0x1C0, 'g' => 0x38, 'o' => 0x7, _ => 0x1FF };
        }

        if (at >= clause.Length || clause[at] is not ('+' or '-' or '='))
        {
            throw new DockerfileSyntaxException(
                $"invalid chmod parameter: '{text}'. It should be octal digits, or symbolic as u=rwX,go=rX");
        }

        var permissions = clause[(at + 1)..];
        if (permissions.Any(letter => letter is not ('r' or 'w' or 'x' or 'X' or 's' or 't')))
        {
            throw new DockerfileSyntaxException($"invalid chmod parameter: '{text}'");
        }

        _changes.Add(new Change(who == 0 ? 0x1FF : who, clause[at], permissions));
    }

    private sealed record Change(int Who, char Sign, string Permissions)
    {
        public int Apply(int mode, bool isFolder)
        {
            var bits = 0;
            foreach (var letter in Permissions)
            {
                bits |= letter switch
                {
                    'r' => 0x124 & Who,
                    'w' => 0x92 & Who,
                    'x' => 0x49 & Who,
                    'X' => isFolder || (mode & 0x49) != 0 ? 0x49 & Who : 0,
                    's' => ((Who & 0x1C0) != 0 ? 0x800 : 0) | ((Who & 0x38) != 0 ? 0x400 : 0),
                    _ => 0x200,
                };
            }

            return Sign switch
            {
                '+' => mode | bits,
                '-' => mode & ~bits,
                _ => (mode & ~Who) | bits,
            };
        }
    }
}
