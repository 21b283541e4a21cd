using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Dockerfiles.Parsing;
using Portal.Engine.Builds.Dockerfiles.Syntax;
using Portal.Engine.Errors;

namespace Portal.Engine.Images.Importing;

/// <summary>Applies instructions of a Dockerfile to an image's configuration (image-spec, <c>config.md</c>, "config").</summary>
internal static class ConfigChanges
{
    private const int MaxLength = 64 * 1024;

    /// <exception cref="EngineException">InvalidArgument: an instruction that is malformed or changes no configuration.</exception>
    public static void Apply(JsonObject config, IEnumerable<string> changes)
    {
        var hasCommand = false;
        foreach (var change in changes.Select(change => change.Trim()).Where(change => change.Length > 0))
        {
            var blank = change.AsSpan().IndexOfAny(' ', '\t');
            if (blank < 0 || change.Length > MaxLength || change.Contains('\0'))
            {
                throw Refuse(change, "it has no argument, is too long, or holds a NUL");
            }

            var instruction = change[..blank].ToUpperInvariant();
            Apply(config, change, instruction, change[blank..].Trim());
            hasCommand |= instruction == "CMD";
            if (instruction == "ENTRYPOINT" && !hasCommand)
            {
                // As in a Dockerfile: a command from before was written for another entrypoint.
                config.Remove("Cmd");
            }
        }
    }

    private static void Apply(JsonObject config, string change, string instruction, string rest)
    {
        switch (instruction)
        {
            case "CMD":
                config["Cmd"] = Command(config, rest);
                break;
            case "ENTRYPOINT":
                config["Entrypoint"] = Command(config, rest);
                break;
            case "ENV":
                SetVariables(config, Pairs(change, rest));
                break;
            case "LABEL":
                var labels = Map(config, "Labels");
                Pairs(change, rest).ForEach(pair => labels[pair.Key] = pair.Value);
                break;
            case "EXPOSE":
                var ports = Map(config, "ExposedPorts");
                Words(change, rest).ForEach(port => ports[Port(change, port)] = new JsonObject());
                break;
            case "VOLUME":
                var volumes = Map(config, "Volumes");
                (List(rest) ?? Words(change, rest)).ForEach(path => volumes[path] = new JsonObject());
                break;
            case "USER":
                config["User"] = Single(change, rest);
                break;
            case "WORKDIR":
                config["WorkingDir"] = Path.GetFullPath(Path.Combine("/", (string?)config["WorkingDir"] ?? "", Single(change, rest)));
                break;
            case "HEALTHCHECK":
                config["Healthcheck"] = Healthcheck(change);
                break;
            case "ONBUILD":
                var triggers = config["OnBuild"] as JsonArray ?? [];
                config["OnBuild"] = triggers;
                triggers.Add((JsonNode)JsonValue.Create(Trigger(change, rest)));
                break;
            case "SHELL":
                config["Shell"] = List(rest) is { Count: > 0 } shell ? Texts(shell) : throw Refuse(change, "it takes a list in JSON form");
                break;
            case "STOPSIGNAL":
                config["StopSignal"] = Single(change, rest);
                break;
            default:
                throw Refuse(change, $"'{instruction}' is not a valid change command");
        }
    }

    // The shell form is for the image's own shell, in the container: nothing of it runs here.
    private static JsonArray Command(JsonObject config, string rest)
    {
        const string DefaultShell = "/bin/sh";
        string[] shell = config["Shell"] is JsonArray own ? [.. own.Select(word => (string)word!)] : [DefaultShell, "-c"];
        return List(rest) is { } list ? Texts(list) : Texts([.. shell, rest]);
    }

    private static JsonObject Healthcheck(string change)
    {
        try
        {
            var parsed = (HealthcheckInstruction)InstructionParser.Parse(new DockerfileLine(change, 1, 1, []), '\\');
            var check = new JsonObject
            {
                ["Test"] = parsed.Test is not { } test ? Texts(["NONE"])
                    : test.IsShell ? Texts(["CMD-SHELL", .. test.Words]) : Texts(["CMD", .. test.Words]),
            };
            foreach (var (name, value) in new[]
            {
                ("Interval", parsed.Interval), ("Timeout", parsed.Timeout), ("StartPeriod", parsed.StartPeriod),
                ("StartInterval", parsed.StartInterval), ("Retries", parsed.Retries),
            })
            {
                if (value != 0)
                {
                    check[name] = value;
                }
            }

            return check;
        }
        catch (DockerfileSyntaxException failure)
        {
            throw Refuse(change, failure.Message);
        }
    }

    private static string Trigger(string change, string rest)
    {
        var instruction = rest.Split([' ', '\t'], 2)[0].ToUpperInvariant();
        return instruction is "ONBUILD" or "FROM" or "MAINTAINER"
            ? throw Refuse(change, $"{instruction} isn't allowed as an ONBUILD trigger")
            : rest;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);

    /// <summary>The JSON form of an argument, or null when it is none.</summary>
    private static List<string>? List(string rest)
    {
        if (!rest.StartsWith('['))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(rest) is JsonArray array && array.All(item => item?.GetValueKind() == JsonValueKind.String)
                ? [.. array.Select(item => (string)item!)]
                : null;
        }
        catch (JsonException)
        {
            // As a Dockerfile has it: what is no JSON is meant for the shell.
            return null;
        }
    }

    private static void SetVariables(JsonObject config, List<KeyValuePair<string, string>> pairs)
    {
        var variables = (config["Env"] as JsonArray ?? []).Select(item => (string)item!).ToList();
        foreach (var (name, value) in pairs)
        {
            variables.RemoveAll(variable => variable.StartsWith($"{name}=", StringComparison.Ordinal));
            variables.Add($"{name}={value}");
        }

        config["Env"] = Texts(variables);
    }

    private static JsonObject Map(JsonObject config, string name)
    {
        var map = config[name] as JsonObject ?? [];
        config[name] = map;
        return map;
    }

    private static List<KeyValuePair<string, string>> Pairs(string change, string rest)
    {
        var words = Words(change, rest);
        if (!words[0].Contains('='))
        {
            // The old form: one name, and all of the rest is its value.
            return words.Count > 1 ? [new(words[0], rest[words[0].Length..].Trim())] : throw Refuse(change, "it has no value");
        }

        return words.ConvertAll(word => word.IndexOf('=') is var equals and > 0
            ? new KeyValuePair<string, string>(word[..equals], word[(equals + 1)..])
            : throw Refuse(change, $"'{word}' is not of the form NAME=VALUE"));
    }

    /// <summary>Words separated by blanks; quotes and backslashes keep blanks in a word.</summary>
    private static List<string> Words(string change, string rest)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        for (var at = 0; at < rest.Length; at++)
        {
            var letter = rest[at];
            if (letter == '\\' && quote != '\'' && at + 1 < rest.Length)
            {
                word.Append(rest[++at]);
            }
            else if (quote == '\0' ? letter is '"' or '\'' : letter == quote)
            {
                quote = quote == '\0' ? letter : '\0';
            }
            else if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                Flush();
            }
            else
            {
                word.Append(letter);
            }
        }

        Flush();
        return quote == '\0' && words.Count > 0 ? words : throw Refuse(change, "a quote does not end, or there is no word");

        void Flush()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    private static string Single(string change, string rest) =>
        Words(change, rest) is [var word] ? word : throw Refuse(change, "it takes one argument");

    private static string Port(string change, string text)
    {
        var (number, protocol) = text.Split('/') switch
        {
            [var plain] => (plain, "tcp"),
            [var plain, var kind] => (plain, kind.ToLowerInvariant()),
            _ => throw Refuse(change, $"'{text}' is no port"),
        };
        return ushort.TryParse(number, out var port) && port > 0 && protocol is "tcp" or "udp" or "sctp"
            ? $"{port}/{protocol}"
            : throw Refuse(change, $"'{text}' is no port");
    }

    private static EngineException Refuse(string change, string why) =>
        EngineException.InvalidArgument($"The change '{(change.Length > 100 ? change[..100] + "..." : change)}' can't be made: {why}.");
}
