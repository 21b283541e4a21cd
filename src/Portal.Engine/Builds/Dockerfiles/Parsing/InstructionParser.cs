using System.Globalization;
using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Dockerfiles.Parsing;

/// <summary>Makes an instruction of a line.</summary>
internal static class InstructionParser
{
    private static readonly string[] s_names =
    [
        "FROM", "RUN", "CMD", "LABEL", "MAINTAINER", "EXPOSE", "ENV", "ADD", "COPY", "ENTRYPOINT", "VOLUME", "USER", "WORKDIR", "ARG",
        "ONBUILD", "STOPSIGNAL", "HEALTHCHECK", "SHELL",
    ];

    /// <exception cref="DockerfileSyntaxException">What is wrong with it.</exception>
    public static Instruction Parse(DockerfileLine line, char escape)
    {
        var text = line.Text.Trim();
        var blank = text.AsSpan().IndexOfAny(' ', '\t');
        var word = blank < 0 ? text : text[..blank];
        var name = word.ToUpperInvariant();
        var rest = blank < 0 ? "" : text[blank..].Trim();
        if (!s_names.Contains(name))
        {
            throw new DockerfileSyntaxException($"unknown instruction: {word}{Suggestion.For(word, s_names)}");
        }

        return name switch
        {
            "FROM" => From(name, rest, line, escape),
            "RUN" => Run(name, rest, line, escape),
            "COPY" or "ADD" => CopyParser.Parse(name, rest, line, escape),
            "HEALTHCHECK" => Healthcheck(name, rest, line, escape),
            "ONBUILD" => OnBuild(name, rest, line, escape),
            _ => Plain(name, rest, line, escape),
        };
    }

    private static Instruction Plain(string name, string rest, DockerfileLine line, char escape)
    {
        // Flags that none of these takes are told as such, not taken for values.
        rest = Flags.Take(name, rest, escape).Rest;
        var (text, start) = (rest, line.Start);
        return name switch
        {
            "ARG" => new ArgInstruction(PairParser.Arguments(rest, escape)) { Name = name, Text = text, Line = start },
            "ENV" => new EnvInstruction(PairParser.Pairs(name, rest, escape)) { Name = name, Text = text, Line = start },
            "LABEL" => new LabelInstruction(PairParser.Pairs(name, rest, escape)) { Name = name, Text = text, Line = start },
            "MAINTAINER" => new MaintainerInstruction(One(name, rest)) { Name = name, Text = text, Line = start },
            "CMD" or "ENTRYPOINT" => new CommandInstruction(Command(rest)) { Name = name, Text = text, Line = start },
            "SHELL" => new ShellInstruction(Shell(rest)) { Name = name, Text = text, Line = start },
            "EXPOSE" => new WordsInstruction(Words(name, rest, escape, allowJson: false)) { Name = name, Text = text, Line = start },
            "VOLUME" => new WordsInstruction(Words(name, rest, escape, allowJson: true)) { Name = name, Text = text, Line = start },
            _ => new ValueInstruction(One(name, rest)) { Name = name, Text = text, Line = start },
        };
    }

    private static FromInstruction From(string name, string rest, DockerfileLine line, char escape)
    {
        var flags = Flags.Take(name, rest, escape, "platform");
        var words = WordSplitter.Split(flags.Rest, escape);
        var stage = words switch
        {
            [_] => null,
            [_, var word, var given] when word.Equals("AS", StringComparison.OrdinalIgnoreCase) => StageName(given),
            _ => throw new DockerfileSyntaxException("FROM requires either one or three arguments"),
        };
        return new FromInstruction(words[0], stage, flags.One("platform")) { Name = name, Text = rest, Line = line.Start };
    }

    private static string StageName(string given)
    {
        var name = given.ToLowerInvariant();
        var isFine = char.IsAsciiLetterLower(name[0]) && name.Length <= 128
            && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_' or '.');
        return isFine
            ? name
            : throw new DockerfileSyntaxException(
                $"invalid name for build stage: \"{given}\", name can't start with a number or contain symbols");
    }

    private static RunInstruction Run(string name, string rest, DockerfileLine line, char escape)
    {
        var flags = Flags.Take(name, rest, escape, "mount*", "network", "security");
        if (flags.Rest.Length == 0)
        {
            throw new DockerfileSyntaxException("RUN requires at least one argument");
        }

        return new RunInstruction
        {
            Name = name,
            Text = rest,
            Line = line.Start,
            Command = Command(flags.Rest),
            HereDocuments = line.HereDocuments,
            Mounts = flags.Many("mount"),
            Network = OneOf("network", flags.One("network") ?? "default", "default", "none", "host"),
            Security = OneOf("security", flags.One("security") ?? "sandbox", "sandbox", "insecure"),
        };
    }

    private static HealthcheckInstruction Healthcheck(string name, string rest, DockerfileLine line, char escape)
    {
        var flags = Flags.Take(name, rest, escape, "interval", "timeout", "start-period", "start-interval", "retries");
        var words = WordSplitter.Split(flags.Rest, escape);
        var type = words.Count > 0
            ? words[0].ToUpperInvariant()
            : throw new DockerfileSyntaxException("HEALTHCHECK requires at least one argument");
        if (type == "NONE")
        {
            return words.Count == 1 && !flags.Any
                ? new HealthcheckInstruction { Name = name, Text = rest, Line = line.Start }
                : throw new DockerfileSyntaxException("HEALTHCHECK NONE takes no arguments");
        }

        var test = type == "CMD" ? Command(flags.Rest[words[0].Length..].Trim()) : throw new DockerfileSyntaxException(
            $"Unknown type {type} in HEALTHCHECK (try CMD)");
        return new HealthcheckInstruction
        {
            Name = name,
            Text = rest,
            Line = line.Start,
            Test = test.Words is [] or [""] ? throw new DockerfileSyntaxException("Missing command after HEALTHCHECK CMD") : test,
            Interval = Time("interval"),
            Timeout = Time("timeout"),
            StartPeriod = Time("start-period"),
            StartInterval = Time("start-interval"),
            Retries = Retries(flags.One("retries")),
        };

        long Time(string flag)
        {
            // Docker's bound: what is shorter than a millisecond can only be a missing unit.
            var time = flags.One(flag) is { } given ? GoDurations.Parse(flag, given) : 0;
            return time is 0 or >= 1_000_000
                ? time
                : throw new DockerfileSyntaxException($"Interval \"{flag}\" cannot be less than 1ms");
        }
    }

    private static int Retries(string? text)
    {
        return text is null ? 0
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
            : throw new DockerfileSyntaxException($"--retries must be a number that is not negative, not '{text}'");
    }

    private static OnBuildInstruction OnBuild(string name, string rest, DockerfileLine line, char escape)
    {
        if (rest.Length == 0)
        {
            throw new DockerfileSyntaxException("ONBUILD requires at least one argument");
        }

        var trigger = Parse(line with { Text = rest }, escape);
        if (trigger is FromInstruction or MaintainerInstruction)
        {
            throw new DockerfileSyntaxException($"{trigger.Name} isn't allowed as an ONBUILD trigger");
        }

        if (trigger is OnBuildInstruction)
        {
            throw new DockerfileSyntaxException("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
        }

        // The image keeps its triggers as text: documents go with them.
        var documents = line.HereDocuments.Select(document => $"\n{document.Content}{document.Name}");
        return new OnBuildInstruction(rest + string.Concat(documents)) { Name = name, Text = rest, Line = line.Start };
    }

    private static Command Command(string text) => JsonForm.TryParse(text) is { } words
        ? new Command(words, IsShell: false)
        : new Command(text.Length == 0 ? [] : [text], IsShell: true);

    private static IReadOnlyList<string> Shell(string rest)
    {
        return JsonForm.TryParse(rest) switch
        {
            { Count: > 0 } words => words,
            { } => throw new DockerfileSyntaxException("SHELL requires at least one argument"),
            _ => throw new DockerfileSyntaxException("SHELL requires the arguments to be in JSON form"),
        };
    }

    private static IReadOnlyList<string> Words(string name, string rest, char escape, bool allowJson)
    {
        var words = (allowJson ? JsonForm.TryParse(rest) : null) ?? WordSplitter.Split(rest, escape);
        return words.Count == 0 ? throw new DockerfileSyntaxException($"{name} requires at least one argument")
            : words.Any(string.IsNullOrWhiteSpace) ? throw new DockerfileSyntaxException($"{name} specified can not be an empty string")
            : words;
    }

    private static string One(string name, string rest) =>
        rest.Length > 0 ? rest : throw new DockerfileSyntaxException($"{name} requires exactly one argument");

    private static string OneOf(string flag, string value, params ReadOnlySpan<string> allowed)
    {
        return allowed.Contains(value)
            ? value
            : throw new DockerfileSyntaxException(
                $"invalid value '{value}' for flag {flag}, expected one of: {string.Join(", ", allowed!)}");
    }
}
