using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Portal.Engine.Linux.Runtime.Cdi;

/// <summary>Turns YAML into JSON, up to a bound: aliases of aliases make a short text very large.</summary>
internal static class CdiYaml
{
    private const int MostNodes = 100_000;
    private const int Deepest = 32;

    /// <exception cref="FormatException">It is no YAML of one document, or beyond the bounds.</exception>
    public static JsonNode? ToJson(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            var left = MostNodes;
            return stream.Documents.Count == 1
                ? Convert(stream.Documents[0].RootNode, 0, ref left)
                : throw new FormatException("a specification is one YAML document");
        }
        catch (YamlException failure)
        {
            throw new FormatException($"not valid YAML at line {failure.Start.Line}", failure);
        }
    }

    private static JsonNode? Convert(YamlNode node, int depth, ref int left)
    {
        if (--left < 0 || depth > Deepest)
        {
            throw new FormatException("too many or too deep values");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                var map = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    var name = key is YamlScalarNode { Value: { } text } ? text : throw new FormatException("a key is no text");
                    if (!map.TryAdd(name, Convert(value, depth + 1, ref left)))
                    {
                        throw new FormatException($"the key '{name}' is there twice");
                    }
                }

                return map;
            case YamlSequenceNode sequence:
                var list = new JsonArray();
                foreach (var item in sequence.Children)
                {
                    list.Add(Convert(item, depth + 1, ref left));
                }

                return list;
            case YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" }:
                return null;
            case YamlScalarNode scalar:
                // Numbers are read from text as well, and what is a text in the specification must stay one.
                return JsonValue.Create(scalar.Value);
            default:
                throw new FormatException("an unknown kind of value");
        }
    }
}
