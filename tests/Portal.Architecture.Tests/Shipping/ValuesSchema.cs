using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Portal.Architecture.Tests.Shipping;

/// <summary>Checks YAML by as much of JSON Schema as the chart's schema uses; a word that it does not know is a mistake.</summary>
internal static class ValuesSchema
{
    private static readonly string[] s_passedOver = ["$schema", "title", "properties", "patternProperties", "additionalProperties"];

    /// <returns>What does not fit, each with its place.</returns>
    public static List<string> Check(YamlNode value, JsonObject schema, string place = "values")
    {
        var problems = new List<string>();
        foreach (var (word, wanted) in schema)
        {
            if (!s_passedOver.Contains(word) && !Fits(value, word, wanted!))
            {
                problems.Add($"{place}: {word}");
            }
        }

        switch (value)
        {
            case YamlMappingNode mapping:
                problems.AddRange(mapping.Children.SelectMany(child => CheckMember(((YamlScalarNode)child.Key).Value!, child.Value, schema, place)));
                break;
            case YamlSequenceNode sequence when schema["items"] is JsonObject items:
                problems.AddRange(sequence.Children.SelectMany((child, index) => Check(child, items, $"{place}[{index}]")));
                break;
        }

        return problems;
    }

    private static List<string> CheckMember(string key, YamlNode value, JsonObject schema, string place)
    {
        var named = schema["properties"]?[key]
            ?? (schema["patternProperties"] as JsonObject)?.FirstOrDefault(pattern => Regex.IsMatch(key, pattern.Key)).Value
            ?? schema["additionalProperties"];
        return named switch
        {
            JsonObject of => Check(value, of, $"{place}.{key}"),
            JsonValue allowed when !allowed.GetValue<bool>() => [$"{place}.{key}: unknown"],
            _ => [],
        };
    }

    private static bool Fits(YamlNode value, string word, JsonNode wanted)
    {
        var text = (value as YamlScalarNode)?.Value ?? "";
        return word switch
        {
            "type" => TypeOf(value) == wanted.GetValue<string>(),
            "enum" => wanted.AsArray().Any(one => one!.GetValue<string>() == text),
            "pattern" => Regex.IsMatch(text, wanted.GetValue<string>()),
            "minLength" => text.Length >= wanted.GetValue<int>(),
            "minimum" => double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= wanted.GetValue<int>(),
            "maximum" => double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number <= wanted.GetValue<int>(),
            "minItems" => value is YamlSequenceNode sequence && sequence.Children.Count >= wanted.GetValue<int>(),
            "items" => true,
            _ => throw new NotSupportedException($"The schema says '{word}', which this check does not know."),
        };
    }

    private static string TypeOf(YamlNode value) => value switch
    {
        YamlMappingNode => "object",
        YamlSequenceNode => "array",
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } => "boolean",
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when long.TryParse(text, CultureInfo.InvariantCulture, out _) => "integer",
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "null" or "~" } => "null",
        _ => "string",
    };
}
