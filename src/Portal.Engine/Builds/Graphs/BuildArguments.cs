using System.Collections.Concurrent;
using Portal.Engine.Builds.Caching;
using Portal.Engine.Builds.Dockerfiles.Expansion;
using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Images;

namespace Portal.Engine.Builds.Graphs;

/// <summary>The arguments of a build: what was given, what the file declares before its first stage, what the platform says.</summary>
internal sealed class BuildArguments
{
    // Available to RUN without a declaration, and in no history or cache key (Dockerfile reference, "Predefined ARGs").
    private static readonly string[] s_predefined =
    [
        "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY", "ftp_proxy", "NO_PROXY", "no_proxy",
        "ALL_PROXY", "all_proxy",
    ];

    private readonly Dictionary<string, string> _given;
    private readonly Dictionary<string, string> _global;
    private readonly ConcurrentDictionary<string, bool> _used = new(StringComparer.Ordinal);

    public BuildArguments(IReadOnlyDictionary<string, string?> given, ImagePlatform host, ImagePlatform target, string stage)
    {
        _given = given.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);
        _global = new Dictionary<string, string>(StringComparer.Ordinal) { ["TARGETSTAGE"] = stage.Length == 0 ? "default" : stage };
        Add("BUILD", host);
        Add("TARGET", target);
        foreach (var name in _global.Keys.Where(_given.ContainsKey).ToList())
        {
            _global[name] = _given[name];
            _used[name] = true;
        }
    }

    /// <summary>What <c>FROM</c> sees.</summary>
    public IReadOnlyDictionary<string, string> Global => _global;

    /// <summary>Given proxies, for the environment of <c>RUN</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> Proxies => _given.Where(pair => s_predefined.Contains(pair.Key));

    /// <summary>Names that were given and that nothing asked for.</summary>
    public IReadOnlyList<string> Unused =>
        [.. _given.Keys.Where(name => !_used.ContainsKey(name) && !s_predefined.Contains(name) && name != InlineCache.Argument)
            .Order(StringComparer.Ordinal)];

    /// <summary>Takes an <c>ARG</c> before the first <c>FROM</c>.</summary>
    public void Declare(ArgInstruction instruction, char escape)
    {
        foreach (var argument in instruction.Arguments)
        {
            var value = Given(argument.Key)
                ?? (argument.Value is null ? null : VariableExpander.Expand(argument.Value, escape, _global));
            if (value is not null)
            {
                _global[argument.Key] = value;
            }
        }
    }

    /// <summary>The value that an <c>ARG</c> in a stage gets: what was given, its default, what was declared for all; or null.</summary>
    public string? Find(string name, string? fallback) => Given(name) ?? fallback ?? _global.GetValueOrDefault(name);

    private string? Given(string name)
    {
        if (!_given.TryGetValue(name, out var value))
        {
            return null;
        }

        _used[name] = true;
        return value;
    }

    private void Add(string prefix, ImagePlatform platform)
    {
        _global[$"{prefix}PLATFORM"] = platform.ToString();
        _global[$"{prefix}OS"] = platform.Os;
        _global[$"{prefix}ARCH"] = platform.Architecture;
        _global[$"{prefix}VARIANT"] = platform.Variant ?? "";
    }
}
