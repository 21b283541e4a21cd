using System.Globalization;
using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Containers;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>Docker's <c>LogConfig</c>. The one driver is <c>json-file</c>: logs that the engine keeps and reads back.</summary>
internal static class LogRotations
{
    private const string MaxSize = "max-size";
    private const string MaxFile = "max-file";

    public static LogRotation Parse(LogConfigModel? config, List<string> problems)
    {
        if (config is null)
        {
            return LogRotation.Default;
        }

        if (config.Type is not ("" or "json-file" or "local"))
        {
            problems.Add($"logger: no log driver named '{config.Type}' is registered; this engine has 'json-file'");
            return LogRotation.Default;
        }

        var rotation = LogRotation.Default;
        foreach (var (name, value) in config.Config ?? [])
        {
            switch (name)
            {
                case MaxSize when TryParseSize(value, out var bytes):
                    rotation = rotation with { MaxBytes = bytes };
                    break;
                case MaxFile when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var files) && files > 0:
                    rotation = rotation with { MaxFiles = files };
                    break;
                case MaxSize or MaxFile:
                    problems.Add($"invalid value '{value}' for log opt '{name}'");
                    break;
                default:
                    problems.Add($"unknown log opt '{name}' for json-file log driver");
                    break;
            }
        }

        return rotation;
    }

    public static LogConfigModel Model(LogRotation rotation)
    {
        return new LogConfigModel
        {
            Type = "json-file",
            Config = new Dictionary<string, string>
            {
                [MaxSize] = rotation.MaxBytes == 0 ? "-1" : rotation.MaxBytes.ToString(CultureInfo.InvariantCulture),
                [MaxFile] = rotation.MaxFiles.ToString(CultureInfo.InvariantCulture),
            },
        };
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
