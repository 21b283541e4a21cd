using Portal.Compose.Interpolation;
using Portal.Compose.Merging;
using Portal.Compose.Nodes;
using Portal.Compose.Problems;
using Portal.Compose.Schema;
using Portal.Compose.Shapes;
using Portal.Compose.Sources;

namespace Portal.Compose.Loading;

/// <summary>Reads files of a project, each once for a folder and set of variables, and brings them into normal form.</summary>
internal sealed class FileLoader
{
    private readonly IProjectFiles _files;
    private readonly ComposeLimits _limits;
    private readonly ProblemList _problems;
    private readonly YamlReader _yaml;
    private readonly Interpolator _interpolator;
    private readonly ShapeBudget _budget;
    private readonly Dictionary<(string, string, Variables), FileScope?> _scopes = [];
    private int _read;

    public FileLoader(IProjectFiles files, ComposeLimits limits, ProblemList problems)
    {
        _files = files;
        _limits = limits;
        _problems = problems;
        _yaml = new YamlReader(limits, problems);
        _interpolator = new Interpolator(problems, limits.Expanded);
        _budget = new ShapeBudget(limits.Ports);
    }

    /// <param name="path">The file, relative to the project's folder.</param>
    /// <param name="folder">What its paths are relative to.</param>
    /// <param name="asked">Where it is asked for, to be told when it is not there.</param>
    public FileScope? Load(string path, string folder, Variables variables, Mark asked, string key)
    {
        var id = (path, folder, variables);
        if (!_scopes.TryGetValue(id, out var scope))
        {
            scope = Read(path, folder, variables, asked, key);
            _scopes[id] = scope;
        }

        return scope;
    }

    /// <summary>The variables of a file, with those around it; nothing when it may be missing and is.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> LoadVariables(
        string path, Variables around, Mark asked, string key, bool isRequired = true, bool isRaw = false)
    {
        if (Text(path, asked, key, isRequired) is not { } text)
        {
            return [];
        }

        var reader = new EnvFile(path, text, around, _problems, _limits.FileLength);
        return isRaw ? reader.ReadRaw() : reader.Read();
    }

    /// <summary>The bytes of a file that must be there, whatever they are.</summary>
    public byte[]? Bytes(string path, Mark asked, string key)
    {
        Count(asked, key);
        var bytes = _files.ReadBytes(path);
        if (bytes is null)
        {
            _problems.Error(asked, key, $"The project has no file '{path}'.");
        }

        return bytes;
    }

    /// <summary>What tells all that is at a path of the project from anything else; null when nothing is.</summary>
    public string? DigestOf(string path) => _files.DigestOf(path);

    /// <summary>The text of a file that something else than a Compose file.</summary>
    public string? Text(string path, Mark asked, string key, bool isRequired)
    {
        Count(asked, key);
        string? text;
        try
        {
            text = _files.Read(path);
        }
        catch (InvalidDataException unreadable)
        {
            _problems.Error(asked, key, $"'{path}' {unreadable.Message}");
            return null;
        }

        if (text is null && isRequired)
        {
            _problems.Error(asked, key, $"The project has no file '{path}'.");
        }

        if (text?.Length > _limits.FileLength)
        {
            throw new ComposeLimitException(new Mark(path, 1, 1), "", $"The file has more than {_limits.FileLength:N0} characters.");
        }

        return text;
    }

    private void Count(Mark asked, string key)
    {
        if (++_read > _limits.Files)
        {
            throw new ComposeLimitException(asked, key, $"The project reads more than {_limits.Files:N0} files.");
        }
    }

    private FileScope? Read(string path, string folder, Variables variables, Mark asked, string key)
    {
        if (Text(path, asked, key, isRequired: true) is not { } text)
        {
            return null;
        }

        ComposeMap? whole = null;
        foreach (var document in _yaml.Read(path, text))
        {
            var interpolated = _interpolator.Apply(document, variables);
            var at = new At("", folder, _problems, _budget);
            if (ProjectShapes.File.Apply(interpolated, at) is ComposeMap map)
            {
                whole = whole is null ? map : Merger.Files(whole, map);
            }
        }

        if (whole is null && !_problems.HasErrors)
        {
            _problems.Error(new Mark(path, 1, 1), "", "The file is empty.");
        }

        return whole is null ? null : new FileScope(path, folder, variables, whole);
    }
}
