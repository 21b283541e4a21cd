using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Portal.Engine.Storage;

/// <summary>
/// Reads a file that an earlier version wrote. Generated serializers give null to init-only members that the file does
/// not have, whatever their initializer says; so what is missing is taken from an object with all defaults first. A list with one object
/// in the defaults tells what each object of such a list has; a list that is missing is empty.
/// </summary>
internal static class JsonDefaults
{
    public static T Read<T>(byte[] content, T defaults, JsonTypeInfo<T> type)
        where T : class
    {
        var read = JsonNode.Parse(content) as JsonObject ?? throw new JsonException("The file holds no JSON object.");
        Fill(read, JsonSerializer.SerializeToNode(defaults, type)!.AsObject());
        return read.Deserialize(type) ?? throw new JsonException("The file holds no object.");
    }

    private static void Fill(JsonObject target, JsonObject defaults)
    {
        foreach (var (name, value) in defaults)
        {
            if (!target.TryGetPropertyValue(name, out var present))
            {
                target[name] = value is JsonArray ? new JsonArray() : value?.DeepClone();
            }
            else if (present is JsonObject inner && value is JsonObject innerDefaults)
            {
                Fill(inner, innerDefaults);
            }
            else if (present is JsonArray list && value is JsonArray { Count: 1 } pattern && pattern[0] is JsonObject each)
            {
                foreach (var item in list.OfType<JsonObject>())
                {
                    Fill(item, each);
                }
            }
        }
    }
}
