using Portal.Compose.Interpolation;
using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Compose.Problems;
using Portal.Compose.Sources;

namespace Portal.Compose.Loading;

/// <summary>
/// Makes a project of its files. The steps: each file is read with its positions, variables are put in, the file is checked against what
/// the specification knows and brought into one normal form, services are laid over what they extend, files are laid over each
/// other, included projects are put in; at the end profiles choose, files of variables are read, and references are checked.
/// </summary>
/// <remarks>Whatever the files say, nothing but <see cref="IProjectFiles"/> is read, and <see cref="ComposeLimits"/> bounds the work.</remarks>
public static class ComposeLoader
{
    private const string OwnVariables = ".env";

    /// <summary>All that is wrong is told at once, as far as it can be seen.</summary>
    public static ComposeResult Load(IProjectFiles files, ComposeOptions options)
    {
        var problems = new ProblemList();
        try
        {
            var project = new ProjectLoad(files, options, problems).Run();
            return new ComposeResult(problems.HasErrors ? null : project, problems.All);
        }
        catch (ComposeLimitException passed)
        {
            problems.Error(passed.Mark, passed.Key, passed.Message);
            return new ComposeResult(null, problems.All);
        }
    }

    private sealed class ProjectLoad(IProjectFiles files, ComposeOptions options, ProblemList problems)
    {
        private readonly FileLoader _loader = new(files, options.Limits, problems);

        public ComposeProject? Run()
        {
            var first = options.Files.Count > 0 ? options.Files[0] : "";
            var start = new Mark(first, 1, 1);
            if (ProjectPaths.Resolve("", first) is not { Length: > 0 } main)
            {
                problems.Error(start, "", "A project has a file to begin with, in its own folder.");
                return null;
            }

            var folder = ProjectPaths.FolderOf(main);
            var variables = Variables(folder, start);
            var includer = new Includer(_loader, options.Limits, problems);
            ComposeMap? whole = null;
            foreach (var file in options.Files)
            {
                if (ProjectPaths.Resolve("", file) is { Length: > 0 } path)
                {
                    whole = includer.Load(path, folder, variables, whole, new Mark(path, 1, 1), "", []) ?? whole;
                }
                else
                {
                    problems.Error(new Mark(file, 1, 1), "", $"'{file}' leads out of the project.");
                }
            }

            // What is wrong in one place is missing in another; only the first is worth telling.
            return whole is null || problems.HasErrors ? null : new ProjectFinisher(_loader, options, variables, problems).Finish(whole);
        }

        private Variables Variables(string folder, Mark start)
        {
            string? Given(string name) =>
                options.Values.GetValueOrDefault(name) ?? (name == "COMPOSE_PROJECT_NAME" ? options.ProjectName : null);

            var path = folder.Length == 0 ? OwnVariables : $"{folder}/{OwnVariables}";
            var own = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, value) in _loader.LoadVariables(path, Given, start, "", isRequired: false))
            {
                own[name] = value;
            }

            return name => Given(name) ?? own.GetValueOrDefault(name);
        }
    }
}
