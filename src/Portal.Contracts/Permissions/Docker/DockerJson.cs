using System.Text.Json;

namespace Portal.Contracts.Permissions.Docker;

/// <summary>
/// Reads bodies of Docker's API as whoever gets them later may: names without regard to case, and all values of one that comes twice.
/// </summary>
internal static class DockerJson
{
    /// <exception cref="FormatException">It is no JSON object.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw new FormatException("The body is no JSON object.");
        }
        catch (JsonException failure)
        {
            throw new FormatException($"The body is no JSON: {failure.Message}", failure);
        }
    }

    // Go's zero values, which a client sends for what was not asked for.
    public static bool IsDefault(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Number => value.TryGetInt64(out var number) && number == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    public static IEnumerable<JsonProperty> Members(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : [];

    public static IEnumerable<JsonElement> Items(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    public static IEnumerable<JsonElement> Named(JsonElement value, string name) =>
        Members(value).Where(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(member => member.Value);

    /// <summary>The texts below a name: of a list its items, of a text itself.</summary>
    public static IEnumerable<string> Texts(JsonElement value, string name) =>
        Named(value, name).SelectMany(found => found.ValueKind == JsonValueKind.String ? [found] : Items(found))
            .Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!);
}
