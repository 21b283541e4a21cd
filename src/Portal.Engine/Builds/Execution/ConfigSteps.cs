using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Engine.Builds.Contexts.Matching;
using Portal.Engine.Builds.Dockerfiles.Expansion;
using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Dockerfiles.Syntax;
using Portal.Engine.Builds.Execution.States;
using Portal.Engine.Builds.Graphs;

namespace Portal.Engine.Builds.Execution;

/// <summary>The instructions that change the configuration alone.</summary>
internal sealed class ConfigSteps(StageState state, BuildArguments arguments, char escape)
{
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private ImageSettings Settings => state.Settings;

    /// <summary>Applies an instruction.</summary>
    /// <returns>The step as Docker's history shows it, after <c>#(nop) </c>; null for an instruction that is none of these.</returns>
    /// <exception cref="DockerfileSyntaxException">What is wrong with its values.</exception>
    public string? Apply(Instruction instruction)
    {
        return instruction switch
        {
            ArgInstruction arg => Arg(arg),
            EnvInstruction env => Env(env),
            LabelInstruction label => Label(label),
            MaintainerInstruction maintainer => Maintainer(maintainer),
            CommandInstruction command => Program(command),
            ShellInstruction shell => Shell(shell),
            HealthcheckInstruction check => Healthcheck(check),
            OnBuildInstruction trigger => OnBuild(trigger),
            WordsInstruction { Name: "EXPOSE" } ports => Expose(ports),
            WordsInstruction volumes => Volume(volumes),
            ValueInstruction { Name: "USER" } user => Set("User", user),
            ValueInstruction { Name: "STOPSIGNAL" } signal => StopSignal(signal),
            _ => null,
        };
    }

    /// <summary>Where a <c>WORKDIR</c> leads, from the one before.</summary>
    public string WorkingDirectory(string given)
    {
        var path = Expand(given);
        var clean = GoPath.Clean(path.StartsWith('/') ? path : $"/{Settings.WorkingDirectory}/{path}");
        return clean.Contains('\0') ? throw new DockerfileSyntaxException("WORKDIR holds a NUL") : clean;
    }

    public string Expand(string word) => VariableExpander.Expand(word, escape, state.Variables());

    private string Arg(ArgInstruction instruction)
    {
        foreach (var argument in instruction.Arguments)
        {
            var fallback = argument.Value is null ? null : Expand(argument.Value);
            if (arguments.Find(argument.Key, fallback) is { } value)
            {
                state.SetArgument(argument.Key, value);
            }
        }

        return $" ARG {instruction.Text}";
    }

    private string Env(EnvInstruction instruction)
    {
        // All values see the variables as they were before the instruction.
        var pairs = Pairs(instruction.Variables);
        foreach (var (name, value) in pairs)
        {
            Settings.SetVariable(name.Contains('=') ? throw new DockerfileSyntaxException($"'{name}' is no name") : name, value);
        }

        return $" ENV {string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"))}";
    }

    private string Label(LabelInstruction instruction)
    {
        var pairs = Pairs(instruction.Labels);
        var labels = Settings.Map("Labels");
        pairs.ForEach(pair => labels[pair.Key] = pair.Value);
        return $" LABEL {string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"))}";
    }

    private string Maintainer(MaintainerInstruction instruction)
    {
        state.Author = instruction.Author;
        return $" MAINTAINER {instruction.Author}";
    }

    private string Program(CommandInstruction instruction)
    {
        var words = Words(instruction.Command);
        var isCommand = instruction.Name == "CMD";
        var member = isCommand ? "Cmd" : "Entrypoint";
        Settings.SetList(member, words);
        if (isCommand)
        {
            Settings.HasOwnCommand = true;
        }
        else if (!Settings.HasOwnCommand)
        {
            // The base image's command was written for another entrypoint.
            Settings.Remove("Cmd");
        }


        // Go's form of a list of texts.
        return $" {instruction.Name} [{string.Join(' ', words.Select(word => JsonSerializer.Serialize(word, s_readable)))}]";
    }

    private string Shell(ShellInstruction instruction)
    {
        Settings.SetList("Shell", instruction.Words);
        return $" SHELL [{string.Join(' ', instruction.Words)}]";
    }

    private string Healthcheck(HealthcheckInstruction instruction)
    {
        const string ShellForm = "CMD-SHELL";
        var test = instruction.Test is not { } command ? ["NONE"]
            : command.IsShell ? new[] { ShellForm, command.Words[0] }
            : ["CMD", .. command.Words];
        var check = new JsonObject { ["Test"] = new JsonArray([.. test.Select(word => (JsonNode)word)]) };
        Add("Interval", instruction.Interval);
        Add("Timeout", instruction.Timeout);
        Add("StartPeriod", instruction.StartPeriod);
        Add("StartInterval", instruction.StartInterval);
        Add("Retries", instruction.Retries);
        Settings.Document["Healthcheck"] = check;
        return $" HEALTHCHECK {instruction.Text}";

        void Add(string name, long value)
        {
            if (value > 0)
            {
                check[name] = value;
            }
        }
    }

    private string OnBuild(OnBuildInstruction instruction)
    {
        Settings.SetList("OnBuild", [.. Settings.OnBuild, instruction.Trigger]);
        return $" ONBUILD {instruction.Text}";
    }

    private string Expose(WordsInstruction instruction)
    {
        var variables = state.Variables();
        var ports = instruction.Words.SelectMany(word => VariableExpander.ExpandWords(word, escape, variables)).ToList();
        var exposed = Settings.Map("ExposedPorts");
        foreach (var port in ports.SelectMany(Ports))
        {
            exposed[port] = new JsonObject();
        }

        return $" EXPOSE {string.Join(' ', ports.Order(StringComparer.Ordinal))}";
    }

    private string Volume(WordsInstruction instruction)
    {
        var paths = instruction.Words.Select(Expand).ToList();
        var volumes = Settings.Map("Volumes");
        foreach (var path in paths)
        {
            var name = path.Length > 0 ? path : throw new DockerfileSyntaxException("VOLUME specified can not be an empty string");
            volumes[name] = new JsonObject();
        }

        return $" VOLUME [{string.Join(' ', paths)}]";
    }

    private string StopSignal(ValueInstruction instruction)
    {
        var signal = Expand(instruction.Value);
        if (!Containers.Lifecycle.SignalTable.TryParse(signal, out _))
        {
            throw new DockerfileSyntaxException($"Invalid signal: {signal}");
        }

        Settings.SetText("StopSignal", signal);
        return $" STOPSIGNAL {signal}";
    }

    private string Set(string member, ValueInstruction instruction)
    {
        var value = Expand(instruction.Value);
        Settings.SetText(member, value);
        return $" {instruction.Name} {value}";
    }

    private List<KeyValuePair<string, string>> Pairs(IReadOnlyList<KeyValue> pairs)
    {
        var variables = state.Variables();
        return [.. pairs.Select(pair => new KeyValuePair<string, string>(
            VariableExpander.Expand(pair.Key, escape, variables), VariableExpander.Expand(pair.Value!, escape, variables)))];
    }

    private IReadOnlyList<string> Words(Command command) =>
        command.IsShell && command.Words.Count > 0 ? [.. Settings.Shell, command.Words[0]] : command.Words;

    /// <summary>A port or a range with its protocol, as the configuration names each.</summary>
    private static IEnumerable<string> Ports(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        var range = (slash < 0 ? text : text[..slash]).Split('-');
        if (protocol is not ("tcp" or "udp" or "sctp") || range.Length > 2 || !TryPort(range[0], out var first)
            || !TryPort(range[^1], out var last) || last < first)
        {
            throw new DockerfileSyntaxException($"invalid containerPort: {text}");
        }

        return Enumerable.Range(first, last - first + 1)
            .Select(port => string.Create(CultureInfo.InvariantCulture, $"{port}/{protocol}"));
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= 65535;
}
