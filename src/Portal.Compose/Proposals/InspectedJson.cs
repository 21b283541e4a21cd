using System.Text.Json;

namespace Portal.Compose.Proposals;

/// <summary>Reads what an engine tells: what is missing or of another kind is empty.</summary>
internal static class InspectedJson
{
    public static JsonElement? Find(this JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var value)
            && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    public static string Text(this JsonElement? of, string name) =>
        of.Find(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    public static long Number(this JsonElement? of, string name) =>
        of.Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : 0;

    public static bool Flag(this JsonElement? of, string name) => of.Find(name) is { ValueKind: JsonValueKind.True };

    /// <summary>Null where there is no list.</summary>
    public static IReadOnlyList<string>? Texts(this JsonElement? of, string name) =>
        of.Find(name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)] : null;

    public static IEnumerable<JsonElement?> Items(this JsonElement? of, string name) =>
        of.Find(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(item => (JsonElement?)item) : [];

    public static IEnumerable<(string Name, JsonElement? Value)> Members(this JsonElement? of, string name) =>
        of.Find(name) is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().Select(member => (member.Name, (JsonElement?)member.Value)) : [];

    public static IEnumerable<(string Name, string Value)> Pairs(this JsonElement? of, string name) => of.Members(name)
        .Where(member => member.Value is { ValueKind: JsonValueKind.String })
        .Select(member => (member.Name, member.Value!.Value.GetString()!));
}
