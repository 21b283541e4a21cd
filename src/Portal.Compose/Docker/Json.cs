using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Compose.Nodes;
using Portal.Compose.Shapes;

namespace Portal.Compose.Docker;

/// <summary>Values of normal form in Docker's words; null for what is not there, so that it is left out.</summary>
internal static class Json
{
    public static JsonNode? Text(ComposeMap map, string key) => map.Text(key) is { } text ? JsonValue.Create(text) : null;

    public static JsonNode? Flag(ComposeMap map, string key) => map.Flag(key) ? JsonValue.Create(true) : null;

    public static JsonNode? Number(ComposeMap? map, string key) =>
        map?.Text(key) is { } text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : null;

    /// <summary>A number with decimals, times a billion.</summary>
    public static JsonNode? Billionths(ComposeMap? map, string key) =>
        map?.Text(key) is { } text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create((long)(number * 1_000_000_000m))
            : null;

    public static TimeSpan? Time(ComposeMap? map, string key) =>
        map?.Text(key) is { } text && Durations.TryParse(text, out var time) ? time : null;

    public static JsonNode? Nanoseconds(ComposeMap? map, string key) =>
        Time(map, key) is { } time ? JsonValue.Create(time.Ticks * TimeSpan.NanosecondsPerTick) : null;

    public static JsonNode? Texts(ComposeMap map, string key) => List(map.Texts(key));

    public static JsonNode? Pairs(ComposeMap? map, string key) => map is null ? null : Pairs(map.Pairs(key));

    public static JsonNode? Pairs(IEnumerable<KeyValuePair<string, string?>> pairs)
    {
        var made = new JsonObject();
        foreach (var (name, value) in pairs)
        {
            made[name] = value ?? "";
        }

        return made.Count > 0 ? made : null;
    }

    public static JsonNode? List(IEnumerable<string> texts)
    {
        var made = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]);
        return made.Count > 0 ? made : null;
    }

    public static JsonNode? Items(IEnumerable<JsonObject> items)
    {
        var made = new JsonArray([.. items]);
        return made.Count > 0 ? made : null;
    }

    public static JsonObject Object(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var made = new JsonObject();
        foreach (var (name, value) in members)
        {
            if (value is not null)
            {
                made[name] = value;
            }
        }

        return made;
    }
}
