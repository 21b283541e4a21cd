using System.Text;
using Portal.Compose.Loading;
using Portal.Compose.Model;
using Portal.Compose.Problems;
using Portal.Compose.Schema;
using Portal.Compose.Sources;

namespace Portal.Compose.Commands;

/// <summary>Makes a Compose file of a <c>docker run</c> line.</summary>
public static class RunCommandConverter
{
    private static readonly string[] s_modes = ["host", "none", "bridge"];

    public static RunConversion Convert(string line)
    {
        if (line.Length > 64 * 1024 || RunLine.Parse(line) is not { } run)
        {
            return new RunConversion(null, ["This is no line 'docker run [OPTIONS] IMAGE [COMMAND]', or a quote in it is not closed."]);
        }

        if (run.Image.Length == 0)
        {
            return new RunConversion(null, [.. run.Problems, "The line names no image."]);
        }

        var text = new Writer(run).Write();
        var result = ComposeLoader.Load(
            new EnvFilesAsAsked(text), new ComposeOptions { ProjectName = "converted", Values = new Dictionary<string, string>() });
        var wrong = result.Problems.Where(problem => problem.Severity == ComposeSeverity.Error)
            .Select(problem => $"{problem.Key}: {problem.Message}");
        return new RunConversion(text, [.. run.Problems, .. wrong]);
    }

    // The line's own files are not there to be read, and that is no mistake of the line.
    private sealed class EnvFilesAsAsked(string text) : IProjectFiles
    {
        public string? Read(string path) => path == "compose.yaml" ? text : "";
    }

    private sealed class Writer(RunLine run)
    {
        private readonly StringBuilder _text = new();
        private readonly List<string> _volumes = [];
        private readonly List<string> _networks = [];

        public string Write()
        {
            _text.Append("services:\n  ").Append(Name()).Append(":\n");
            Add(4, "image", run.Image);
            foreach (var group in run.Options.Where(option => option.Option.Key.Length > 0)
                .GroupBy(option => option.Option.Key.Split('.')[0]))
            {
                Group(group.Key, [.. group]);
            }

            List("command", run.Command);
            Section("volumes", _volumes, "");
            Section("networks", _networks, "    external: true\n");
            return _text.ToString();
        }

        private string Name()
        {
            var given = run.Options.LastOrDefault(option => option.Name == "name").Value;
            var image = run.Image.Split('@')[0];
            image = image[(image.LastIndexOf('/') + 1)..].Split(':')[0];
            var name = new string(
                [.. (given ?? image).ToLowerInvariant().Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')]);
            return ProjectNames.IsRight(name) ? name : "app";
        }

        private void Group(string key, List<(string Name, RunOption Option, string Value)> options)
        {
            switch (key)
            {
                case "network":
                    Networks([.. options.Select(option => option.Value)]);
                    break;
                case "aliases":
                    break;
                case "mount":
                    run.Problems.Add("Mounts of --mount are not converted: write them below 'volumes'.");
                    break;
                case "publish-all":
                    run.Problems.Add("There is nothing like --publish-all: name the ports below 'ports'.");
                    break;
                case "gpus" when options[^1].Value != "all":
                    run.Problems.Add("Only '--gpus all' is converted: write others below 'gpus'.");
                    break;
                case "stop_grace_period":
                    Add(4, key, options[^1].Value + "s");
                    break;
                case "healthcheck" or "logging" or "blkio_config":
                    Nested(key, options);
                    break;
                case "ulimits":
                    Line(4, key, "");
                    options.ForEach(option => Ulimit(option.Value));
                    break;
                default:
                    Values(4, key, options);
                    break;
            }
        }

        private void Nested(string key, List<(string Name, RunOption Option, string Value)> options)
        {
            Line(4, key, "");
            foreach (var group in options.GroupBy(option => option.Option.Key[(key.Length + 1)..]))
            {
                Values(6, group.Key, [.. group]);
            }
        }

        private void Values(int indent, string key, List<(string Name, RunOption Option, string Value)> options)
        {
            switch (options[0].Option.Form)
            {
                case RunOptionForm.Flag:
                    Line(indent, key, options[^1].Value == "false" ? "false" : "true");
                    break;
                case RunOptionForm.Pairs when key is "options" or "storage_opt":
                    Line(indent, key, "");
                    options.ForEach(option => Pair(indent + 2, option.Value));
                    break;
                case RunOptionForm.List or RunOptionForm.Pairs:
                    Line(indent, key, "");
                    options.ForEach(option => Item(indent + 2, option.Value));
                    if (key == "volumes")
                    {
                        _volumes.AddRange(options.Select(option => option.Value.Split(':'))
                            .Where(parts => parts.Length > 1 && !MountForm.IsPath(parts[0])).Select(parts => parts[0]));
                    }

                    break;
                default:
                    Add(indent, key, options[^1].Value);
                    break;
            }
        }

        private void Networks(List<string> networks)
        {
            if (networks.Find(name => s_modes.Contains(name) || name.StartsWith("container:", StringComparison.Ordinal)) is { } mode)
            {
                Add(4, "network_mode", mode);
                return;
            }

            Line(4, "networks", "");
            var aliases = run.Options.Where(option => option.Option.Key == "aliases").Select(option => option.Value).ToArray();
            foreach (var network in networks)
            {
                Line(6, network, "");
                if (aliases.Length > 0)
                {
                    Line(8, "aliases", $"[{string.Join(", ", aliases.Select(Quoted))}]");
                }
            }

            _networks.AddRange(networks);
        }

        private void Ulimit(string value)
        {
            var parts = value.Split('=', 2);
            var limits = parts[^1].Split(':');
            Line(6, parts[0], limits.Length == 2 ? $"{{soft: {limits[0]}, hard: {limits[1]}}}" : limits[0]);
        }

        private void List(string key, IReadOnlyList<string> values)
        {
            if (values.Count > 0)
            {
                Line(4, key, $"[{string.Join(", ", values.Select(Quoted))}]");
            }
        }

        private void Section(string key, List<string> names, string below)
        {
            if (names.Count > 0)
            {
                _text.Append(key).Append(":\n").AppendJoin("", names.Distinct().Select(name => $"  {name}:\n{below}"));
            }
        }

        private void Add(int indent, string key, string value) => Line(indent, key, Quoted(value));

        private void Pair(int indent, string value)
        {
            var parts = value.Split('=', 2);
            Add(indent, Quoted(parts[0]), parts.Length > 1 ? parts[1] : "");
        }

        private void Item(int indent, string value) => _text.Append(' ', indent).Append("- ").Append(Quoted(value)).Append('\n');

        private void Line(int indent, string key, string value) =>
            _text.Append(' ', indent).Append(key).Append(':').Append(value.Length > 0 ? " " : "").Append(value).Append('\n');

        // A shell has put its variables in already; what is a dollar now stays one.
        private static string Quoted(string value)
        {
            var text = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
                    .Replace("$", "$$", StringComparison.Ordinal);
            return $"\"{text}\"";
        }
    }
}
