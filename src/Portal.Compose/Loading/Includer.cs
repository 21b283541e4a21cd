using Portal.Compose.Interpolation;
using Portal.Compose.Merging;
using Portal.Compose.Nodes;
using Portal.Compose.Problems;
using Portal.Compose.Sources;

namespace Portal.Compose.Loading;

/// <summary>Puts a file together with what it extends and includes.</summary>
internal sealed class Includer(FileLoader files, ComposeLimits limits, ProblemList problems)
{
    private static readonly string[] s_sections = ["services", "networks", "volumes", "configs", "secrets", "models"];

    private readonly ServiceExtender _extender = new(files, limits, problems);

    /// <param name="below">The files before it, which it is laid over.</param>
    /// <param name="chain">The files that include it.</param>
    public ComposeMap? Load(
        string path, string folder, Variables variables, ComposeMap? below, Mark asked, string key, IReadOnlyList<string> chain)
    {
        if (chain.Contains(path) || chain.Count >= limits.Chain)
        {
            problems.Error(asked, key, chain.Count >= limits.Chain
                ? $"Files include each other over more than {limits.Chain} steps."
                : $"The file includes itself, by way of {string.Join(", ", chain.Select(step => $"'{step}'"))}.");
            return null;
        }

        if (files.Load(path, folder, variables, asked, key) is not { } scope)
        {
            return null;
        }

        var own = _extender.Apply(scope, below);
        var whole = below is null ? Merger.Alone(own) : Merger.Files(below, own);
        foreach (var (include, index) in own.Items("include").OfType<ComposeMap>().Select((include, index) => (include, index)))
        {
            if (Included(scope, include, $"include[{index}]", [.. chain, path]) is { } included)
            {
                whole = Import(whole, included, include, $"include[{index}]");
            }
        }

        return whole.Without("include");
    }

    private ComposeMap? Included(FileScope scope, ComposeMap include, string key, IReadOnlyList<string> chain)
    {
        var paths = include.Texts("path");
        if (paths.Count == 0)
        {
            return null;
        }

        var folder = include.Text("project_directory") ?? ProjectPaths.FolderOf(paths[0]);
        var variables = With(scope, include, folder, key);
        ComposeMap? whole = null;
        foreach (var path in paths)
        {
            whole = Load(path, folder, variables, whole, include.Mark, key, chain) ?? whole;
        }

        return whole;
    }

    // What the including project sets wins; the included one's file is for what is left.
    private Variables With(FileScope scope, ComposeMap include, string folder, string key)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var named = include.Items("env_file").OfType<ComposeScalar>().Select(item => item.Text).ToArray();
        var paths = named.Length > 0 ? named : [folder.Length == 0 ? ".env" : $"{folder}/.env"];
        foreach (var (name, value) in paths.SelectMany(path =>
            files.LoadVariables(path, scope.Variables, include.Mark, $"{key}.env_file", isRequired: named.Length > 0)))
        {
            found[name] = value;
        }

        return found.Count == 0 ? scope.Variables : name => scope.Variables(name) ?? found.GetValueOrDefault(name);
    }

    private ComposeMap Import(ComposeMap whole, ComposeMap included, ComposeMap include, string key)
    {
        foreach (var section in s_sections)
        {
            foreach (var entry in included.Map(section)?.Entries ?? [])
            {
                var own = whole.Map(section) ?? new ComposeMap([], included.Mark);
                if (own[entry.Key] is { } known && CanonicalJson.Write(known) != CanonicalJson.Write(entry.Value))
                {
                    problems.Error(include.Mark, key, $"What is included has another '{section}.{entry.Key}' than line "
                        + $"{known.Mark.Line} of '{known.Mark.File}'.");
                }
                else
                {
                    whole = whole.With(section, own.With(entry.Key, entry.Value));
                }
            }
        }

        return whole;
    }
}
