using System.Text.Json.Nodes;

namespace Portal.Testing.Fuzzing;

/// <summary>Puts something else in the place of values of a document, and takes members away.</summary>
internal static class JsonMutation
{
    public static string Spoil(Random random, string document, IReadOnlyList<string> texts)
    {
        var root = JsonNode.Parse(document)!;
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var places = new List<(JsonNode Parent, object Key)>();
            Collect(root, places);
            if (places.Count > 0)
            {
                var (parent, key) = places[random.Next(places.Count)];
                Spoil(random, parent, key, texts);
            }
        }

        var text = root.ToJsonString();
        return random.Next(12) switch
        {
            0 => Duplicate(random, text),
            1 => text.Replace("x", "\\ud800", StringComparison.Ordinal),
            _ => text,
        };
    }

    private static void Collect(JsonNode? node, List<(JsonNode Parent, object Key)> places)
    {
        if (node is JsonObject map)
        {
            foreach (var (name, value) in map)
            {
                places.Add((map, name));
                Collect(value, places);
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                places.Add((list, i));
                Collect(list[i], places);
            }
        }
    }

    private static void Spoil(Random random, JsonNode parent, object key, IReadOnlyList<string> texts)
    {
        if (random.Next(6) == 0)
        {
            Remove(parent, key);
            return;
        }

        var value = Make(random, parent, key, texts);
        if (parent is JsonObject map)
        {
            map[(string)key] = value;
            if (random.Next(8) == 0)
            {
                map[texts[random.Next(texts.Count)] + "x"] = value?.DeepClone();
            }
        }
        else
        {
            ((JsonArray)parent)[(int)key] = value;
        }
    }

    private static void Remove(JsonNode parent, object key)
    {
        if (parent is JsonObject map)
        {
            map.Remove((string)key);
        }
        else
        {
            ((JsonArray)parent).RemoveAt((int)key);
        }
    }

    private static JsonNode? Make(Random random, JsonNode parent, object key, IReadOnlyList<string> texts)
    {
        var present = parent is JsonObject map ? map[(string)key] : ((JsonArray)parent)[(int)key];
        switch (random.Next(9))
        {
            case 0:
                return null;
            case 1:
                return JsonValue.Create(random.Next(2) == 0 ? long.MinValue : long.MaxValue);
            case 2:
                return JsonValue.Create(random.Next(-2, 3));
            case 3:
                return JsonValue.Create(1e308);
            case 4:
                return JsonValue.Create(random.Next(2) == 0);
            case 5:
                return new JsonArray(present?.DeepClone(), null, present?.DeepClone());
            case 6:
                return new JsonObject { ["x"] = present?.DeepClone() };
            case 7:
                return JsonValue.Create($"{present}{texts[random.Next(texts.Count)]}");
            default:
                return JsonValue.Create(new string('x', random.Next(1, 5000)));
        }
    }

    /// <summary>The first member of the document once more: parsers differ in which one they take.</summary>
    private static string Duplicate(Random random, string text)
    {
        var comma = text.IndexOf(',');
        return comma < 2 || text[0] != '{' ? text + text[random.Next(text.Length)..] : $"{text[..comma]},{text[1..]}";
    }
}
