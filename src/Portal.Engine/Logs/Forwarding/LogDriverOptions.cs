using System.Globalization;
using Portal.Engine.Logs.Forwarding.Options;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>Log drivers and their options: what they are and what is wrong with them, in Docker's words.</summary>
public static class LogDriverOptions
{
    /// <summary>Bytes that wait for a slow receiver in the mode <c>non-blocking</c>, when nothing else is said.</summary>
    internal const long DefaultBuffer = 1024 * 1024;

    private static readonly string[] s_files = ["max-size", "max-file", "compress"];
    private static readonly string[] s_common = ["tag", "labels", "labels-regex", "env", "env-regex", "mode", "max-buffer-size"];
    private static readonly string[] s_cache = ["cache-disabled", "cache-max-size", "cache-max-file", "cache-compress"];
    private static readonly string[] s_flags = ["compress", "cache-disabled", "cache-compress"];

    private static readonly Dictionary<string, string[]> s_own = new(StringComparer.Ordinal)
    {
        ["json-file"] = [],
        ["local"] = [],
        ["syslog"] = [.. SyslogOptions.Names],
        ["journald"] = [],
        ["gelf"] = [.. GelfOptions.Names],
        ["fluentd"] = [.. FluentdOptions.Names],
    };

    /// <summary>Names of all drivers, as <c>docker info</c> lists them.</summary>
    public static IReadOnlyList<string> Drivers { get; } = [.. s_own.Keys, "none"];

    /// <summary>True when lines go elsewhere besides the files.</summary>
    public static bool Forwards(string driver) => driver is "syslog" or "journald" or "gelf" or "fluentd";

    /// <summary>True when files are kept: of all drivers but <c>none</c>. What is forwarded is read from them.</summary>
    public static bool HasFiles(string driver) => driver != "none";

    /// <summary>True when lines can be read back: not with <c>cache-disabled=true</c>.</summary>
    public static bool CanBeRead(string driver, IReadOnlyDictionary<string, string> options) =>
        HasFiles(driver) && new OptionValues(options).Flag("cache-disabled") != true;

    /// <summary>What is asked for and has no effect.</summary>
    public static IEnumerable<string> Warnings(string driver, IReadOnlyDictionary<string, string> options)
    {
        var values = new OptionValues(options);
        return s_flags.Where(name => name.EndsWith("compress", StringComparison.Ordinal) && values.Flag(name) == true)
            .Select(name => $"The log opt '{name}' of driver '{driver}' has no effect: rotated files are kept as they are written");
    }

    /// <summary>Every problem; sizes of files are for whoever keeps the files.</summary>
    public static IEnumerable<string> Validate(string driver, IReadOnlyDictionary<string, string> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (driver == "none")
        {
            return options.Count == 0 ? [] : ["invalid logging opts for driver none"];
        }

        return s_own.TryGetValue(driver, out var own)
            ? Names(driver, own, options).Concat(Common(options)).Concat(Flags(options)).Concat(Receiver(driver, options))
            : [$"error looking up logging plugin {driver}: plugin \"{driver}\" not found"];
    }

    /// <summary>Reads a size such as <c>10m</c>, in powers of 1024.</summary>
    internal static bool TryParseSize(string text, out long bytes)
    {
        bytes = 0;
        var digits = text.TrimEnd('b', 'B', 'i', 'k', 'K', 'm', 'M', 'g', 'G');
        var shift = text[digits.Length..].TrimEnd('b', 'B', 'i').ToLowerInvariant() switch
        {
            "" => 0,
            "k" => 10,
            "m" => 20,
            "g" => 30,
            _ => -1,
        };
        if (shift < 0
            || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number is < 1 or > 1L << 32)
        {
            return false;
        }

        bytes = number << shift;
        return true;
    }

    private static IEnumerable<string> Names(string driver, string[] own, IReadOnlyDictionary<string, string> options)
    {
        var known = s_common.Concat(own).Concat(Forwards(driver) ? s_cache.Concat(s_files) : s_files).ToHashSet(StringComparer.Ordinal);
        return options.Keys.Where(name => !known.Contains(name)).Select(name => 
            driver == "local" ? $"unknown log opt '{name}' for log driver local" : $"unknown log opt '{name}' for {driver} log driver");
    }

    private static IEnumerable<string> Common(IReadOnlyDictionary<string, string> options)
    {
        var mode = options.GetValueOrDefault("mode") ?? "";
        if (mode is not ("" or "blocking" or "non-blocking"))
        {
            yield return $"logger: logging mode not supported: {mode}";
        }

        if (options.GetValueOrDefault("max-buffer-size") is { } size)
        {
            if (mode != "non-blocking")
            {
                yield return "logger: max-buffer-size option is only supported with 'mode=non-blocking'";
            }
            else if (!TryParseSize(size, out _))
            {
                yield return $"error parsing option max-buffer-size: invalid size: '{size}'";
            }
        }

        if (options.GetValueOrDefault("tag") is { } tag && LogTag.Problem(tag) is { } problem)
        {
            yield return problem;
        }

        foreach (var name in new[] { "labels-regex", "env-regex" })
        {
            if (options.GetValueOrDefault(name) is { } pattern && !LogAttributes.IsPattern(pattern))
            {
                yield return $"invalid value '{pattern}' for log opt '{name}': it is no regular expression";
            }
        }
    }

    private static IReadOnlyList<string> Receiver(string driver, IReadOnlyDictionary<string, string> options)
    {
        var values = new OptionValues(options);
        switch (driver)
        {
            case "syslog":
                // Files that can't be used are told of now, and not when the first line is sent.
                SyslogOptions.Parse(values).Tls?.Check(values.Refuse);
                break;
            case "gelf":
                GelfOptions.Parse(values);
                break;
            case "fluentd":
                FluentdOptions.Parse(values);
                break;
            default:
                break;
        }

        return values.Problems;
    }

    private static IEnumerable<string> Flags(IReadOnlyDictionary<string, string> options)
    {
        var values = new OptionValues(options);
        foreach (var name in s_flags)
        {
            values.Flag(name);
        }

        return values.Problems;
    }
}
