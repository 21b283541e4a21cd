using System.Globalization;
using Portal.Engine.Builds.Dockerfiles.Parsing;
using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Execution.Mounts;

/// <summary>A parsed <c>RUN --mount</c> (Dockerfile reference, "RUN --mount").</summary>
internal sealed record MountOptions
{
    private static readonly string[] s_keys =
    [
        "type", "from", "source", "src", "target", "dst", "destination", "readonly", "ro", "readwrite", "rw", "id", "sharing", "size",
        "mode", "uid", "gid", "required", "env",
    ];

    public MountKind Kind { get; init; }

    public string? From { get; init; }

    public string Source { get; private init; } = "";

    /// <summary>Absolute, or relative to the working directory; empty where the default holds.</summary>
    public string Target { get; init; } = "";

    public bool? ReadOnly { get; init; }

    public string Id { get; init; } = "";

    /// <summary><c>shared</c>, <c>private</c> or <c>locked</c>.</summary>
    public string Sharing { get; init; } = "shared";

    /// <summary>Bytes of a tmpfs; 0 for no bound.</summary>
    public long Size { get; init; }

    public int? Mode { get; init; }

    public uint UserId { get; init; }

    public uint GroupId { get; init; }

    public bool Required { get; init; }

    /// <summary>The variable that gets a secret, or null.</summary>
    public string? Variable { get; init; }

    /// <summary>What a mount's <c>from</c> names, without its variables put in; null when there is none.</summary>
    public static string? SourceOf(string text) =>
        text.Split(',').Select(part => part.Split('=', 2)).LastOrDefault(pair => pair is ["from", _])?[1];

    /// <exception cref="DockerfileSyntaxException">An option that is not known or does not fit.</exception>
    public static MountOptions Parse(string text)
    {
        var options = new MountOptions();
        foreach (var field in text.Split(','))
        {
            var pair = field.Split('=', 2);
            options = options.With(pair[0].Trim().ToLowerInvariant(), pair.Length > 1 ? pair[1] : null, field);
        }

        if (options.Kind is MountKind.Bind or MountKind.Cache or MountKind.Tmpfs && options.Target.Length == 0)
        {
            throw new DockerfileSyntaxException($"invalid mount: --mount={text} has no target");
        }

        return options;
    }

    private MountOptions With(string key, string? value, string field)
    {
        return key switch
        {
            "readonly" or "ro" => this with { ReadOnly = Flag(value, field) },
            "readwrite" or "rw" => this with { ReadOnly = !Flag(value, field) },
            "required" => this with { Required = Flag(value, field) },
            _ when !s_keys.Contains(key) => throw new DockerfileSyntaxException(
                $"unexpected key '{key}' in '{field}'{Suggestion.For(key, s_keys)}"),
            _ when value is null => throw new DockerfileSyntaxException($"invalid field '{field}' must be a key=value pair"),
            "type" => this with { Kind = ParseKind(value) },
            "from" => this with { From = value },
            "source" or "src" => this with { Source = value },
            "target" or "dst" or "destination" => this with { Target = value },
            "id" => this with { Id = value },
            "env" => this with { Variable = value },
            "sharing" => value is "shared" or "private" or "locked"
                ? this with { Sharing = value }
                : throw new DockerfileSyntaxException($"unsupported sharing value '{value}'"),
            "size" => this with { Size = ParseSize(value) },
            "mode" => this with { Mode = ParseMode(value) },
            "uid" => this with { UserId = ParseNumber(key, value) },
            _ => this with { GroupId = ParseNumber(key, value) },
        };
    }

    private static MountKind ParseKind(string value)
    {
        return value switch
        {
            "bind" => MountKind.Bind,
            "cache" => MountKind.Cache,
            "tmpfs" => MountKind.Tmpfs,
            "secret" => MountKind.Secret,
            "ssh" => MountKind.Ssh,
            _ => throw new DockerfileSyntaxException(
                $"unsupported mount type '{value}'{Suggestion.For(value, ["bind", "cache", "tmpfs", "secret", "ssh"])}"),
        };
    }

    private static bool Flag(string? value, string field)
    {
        return value switch
        {
            null or "true" or "1" => true,
            "false" or "0" => false,
            _ => throw new DockerfileSyntaxException($"invalid value for '{field}': it must be true or false"),
        };
    }

    private static int ParseMode(string value)
    {
        return value.Length is > 0 and <= 5 && value.All(digit => digit is >= '0' and <= '7')
            ? Convert.ToInt32(value, 8) & 0xFFF
            : throw new DockerfileSyntaxException($"invalid value {value} for mode");
    }

    private static uint ParseNumber(string key, string value)
    {
        return uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue
            ? number
            : throw new DockerfileSyntaxException($"invalid value {value} for {key}");
    }

    private static long ParseSize(string value)
    {
        var digits = value.TrimEnd('b', 'B', 'k', 'K', 'm', 'M', 'g', 'G', 'i');
        var factor = value[digits.Length..].ToUpperInvariant().TrimEnd('B', 'I') switch
        {
            "" => 1L,
            "K" => 1L << 10,
            "M" => 1L << 20,
            "G" => 1L << 30,
            _ => 0,
        };
        return factor > 0 && digits.Length is > 0 and < 10
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size * factor
            : throw new DockerfileSyntaxException($"invalid value {value} for size");
    }
}
