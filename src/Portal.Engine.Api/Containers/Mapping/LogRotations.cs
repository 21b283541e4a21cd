using System.Globalization;
using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Containers;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>
/// The sizes in Docker's <c>LogConfig</c>. Whatever the driver, the engine keeps files that it reads back, but for
/// <c>none</c>.
/// </summary>
internal static class LogRotations
{
    private const string MaxSize = "max-size";
    private const string MaxFile = "max-file";
    private const string CacheMaxSize = "cache-max-size";
    private const string CacheMaxFile = "cache-max-file";

    public static LogRotation Parse(LogConfigModel? config, List<string> problems)
    {
        if (config is null)
        {
            return LogRotation.Default;
        }

        var rotation = LogRotation.Default;
        foreach (var (name, value) in config.Config ?? [])
        {
            switch (name)
            {
                case MaxSize or CacheMaxSize when TryParseSize(value, out var bytes):
                    rotation = rotation with { MaxBytes = bytes };
                    break;
                case MaxFile or CacheMaxFile
                    when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var files) && files > 0:
                    rotation = rotation with { MaxFiles = files };
                    break;
                case MaxSize or MaxFile or CacheMaxSize or CacheMaxFile:
                    problems.Add($"invalid value '{value}' for log opt '{name}'");
                    break;
            }
        }

        return rotation;
    }

    public static LogConfigModel Model(ContainerSpec spec)
    {
        // As it was asked for, which clients compare. Who asked otherwise than by Docker's words is told in them.
        var options = new Dictionary<string, string>(spec.LogOptions);
        if (spec.LogDriver is "json-file" or "local")
        {
            var (rotation, usual) = (spec.LogRotation, LogRotation.Default);
            if (rotation.MaxBytes != usual.MaxBytes)
            {
                options.TryAdd(MaxSize, rotation.MaxBytes == 0 ? "-1" : rotation.MaxBytes.ToString(CultureInfo.InvariantCulture));
            }

            if (rotation.MaxFiles != usual.MaxFiles)
            {
                options.TryAdd(MaxFile, rotation.MaxFiles.ToString(CultureInfo.InvariantCulture));
            }
        }

        return new LogConfigModel { Type = spec.LogDriver, Config = options };
    }

    /// <summary>Reads a size such as <c>10m</c>, in powers of 1024; <c>-1</c> is without bounds.</summary>
    private static bool TryParseSize(string text, out long bytes)
    {
        bytes = 0;
        if (text == "-1")
        {
            return true;
        }

        var digits = text.TrimEnd('b', 'B', 'i', 'k', 'K', 'm', 'M', 'g', 'G', 't', 'T');
        var shift = text[digits.Length..].TrimEnd('b', 'B', 'i').ToLowerInvariant() switch
        {
            "" => 0,
            "k" => 10,
            "m" => 20,
            "g" => 30,
            "t" => 40,
            _ => -1,
        };
        if (shift < 0
            || !double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number * (1L << shift) is <= 0 or > long.MaxValue / 2)
        {
            return false;
        }

        bytes = (long)(number * (1L << shift));
        return true;
    }
}
