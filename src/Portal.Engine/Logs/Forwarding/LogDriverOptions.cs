using System.Globalization;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>Log drivers and their options: what they are and what is wrong with them, in Docker's words.</summary>
public static class LogDriverOptions
{
    /// <summary>Bytes that wait for a slow receiver in the mode <c>non-blocking</c>, when nothing else is said.</summary>
    internal const long DefaultBuffer = 1024 * 1024;

    private static readonly string[] s_files = ["max-size", "max-file", "compress"];
    private static readonly string[] s_common = ["tag", "labels", "labels-regex", "env", "env-regex", "mode", "max-buffer-size"];
    private static readonly string[] s_cache = ["cache-disabled", "cache-max-size", "cache-max-file", "cache-compress"];

    private static readonly Dictionary<string, string[]> s_own = new(StringComparer.Ordinal)
    {
        ["json-file"] = [],
        ["local"] = [],
        ["syslog"] =
        [
            "syslog-address", "syslog-facility", "syslog-format", "syslog-tls-ca-cert", "syslog-tls-cert", "syslog-tls-key",
            "syslog-tls-skip-verify",
        ],
        ["journald"] = [],
        ["gelf"] =
        [
            "gelf-address", "gelf-compression-type", "gelf-compression-level", "gelf-tcp-max-reconnect", "gelf-tcp-reconnect-delay",
        ],
        ["fluentd"] =
        [
            "fluentd-address", "fluentd-async", "fluentd-async-connect", "fluentd-buffer-limit", "fluentd-max-retries",
            "fluentd-request-ack",
            "fluentd-retry-wait", "fluentd-sub-second-precision",
        ],
    };

    /// <summary>Names of all drivers, as <c>docker info</c> lists them.</summary>
    public static IReadOnlyList<string> Drivers { get; } = [.. s_own.Keys, "none"];

    /// <summary>True when lines go elsewhere besides the files.</summary>
    public static bool Forwards(string driver) => driver is "syslog" or "journald" or "gelf" or "fluentd";

    /// <summary>True when lines can be read back.</summary>
    public static bool CanBeRead(string driver) => driver != "none";

    /// <summary>Every problem; sizes of files are for whoever keeps the files.</summary>
    public static IEnumerable<string> Validate(string driver, IReadOnlyDictionary<string, string> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (driver == "none")
        {
            return options.Count == 0 ? [] : ["invalid logging opts for driver none"];
        }

        return s_own.TryGetValue(driver, out var own)
            ? Names(driver, own, options).Concat(Common(options)).Concat(Receiver(driver, options))
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
        return options.Keys.Where(name => !known.Contains(name)).Select(name => $"unknown log opt '{name}' for {driver} log driver");
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

    private static IEnumerable<string> Receiver(string driver, IReadOnlyDictionary<string, string> options) => driver switch
    {
        "syslog" => Syslog(options),
        "gelf" => Gelf(options),
        "fluentd" => Fluentd(options),
        _ => [],
    };

    private static IEnumerable<string> Syslog(IReadOnlyDictionary<string, string> options)
    {
        if (options.GetValueOrDefault("syslog-address") is { Length: > 0 } address && Sinks.SyslogSink.Address(address) is null)
        {
            yield return $"syslog-address should be in form proto://address, got {address}";
        }

        if (options.GetValueOrDefault("syslog-facility") is { Length: > 0 } facility && Sinks.SyslogFormat.Facility(facility) is null)
        {
            yield return "invalid syslog facility";
        }

        if (options.GetValueOrDefault("syslog-format") is not (null or "" or "rfc3164" or "rfc5424" or "rfc5424micro"))
        {
            yield return "Invalid syslog format";
        }
    }

    private static IEnumerable<string> Gelf(IReadOnlyDictionary<string, string> options)
    {
        var address = options.GetValueOrDefault("gelf-address") ?? "";
        if (address.Length == 0)
        {
            yield return "gelf-address is a required parameter";
        }
        else if (SinkAddress.TryParse(address, 0, "udp", "tcp") is null)
        {
            yield return $"gelf-address should be in form proto://address, got {address}";
        }

        if (options.GetValueOrDefault("gelf-compression-type") is { } compression)
        {
            if (address.StartsWith("tcp:", StringComparison.Ordinal))
            {
                yield return "compression is only supported on UDP";
            }
            else if (compression is not ("gzip" or "zlib" or "none"))
            {
                yield return $"unknown value \"{compression}\" for log opt \"gelf-compression-type\" for gelf log driver";
            }
        }
    }

    private static IEnumerable<string> Fluentd(IReadOnlyDictionary<string, string> options)
    {
        if (options.GetValueOrDefault("fluentd-address") is { Length: > 0 } address && Sinks.FluentdSink.Address(address) is null)
        {
            yield return $"invalid fluentd-address {address}";
        }
    }
}
