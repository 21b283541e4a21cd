using System.Text.Json;

namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>Reads parts of JSON of which nothing is certain: what is missing or of another kind is empty.</summary>
internal static class JsonParts
{
    /// <summary>No name, tag or digest is longer; what is, is no such thing.</summary>
    private const int LongestText = 512;

    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return default;
            }
        }

        return element;
    }

    public static string Text(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var text = element.At(path).AsText() ?? "";
        return text.Length <= LongestText && !text.Any(char.IsControl) ? text : "";
    }

    /// <summary>The text of a string; null for all else, and for one that is no Unicode: JSON is read without looking into its strings.</summary>
    public static string? AsText(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static bool IsTrue(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path).ValueKind == JsonValueKind.True;

    /// <summary>The number, or null.</summary>
    public static long? Number(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out var number) ? number : null;
    }

    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind == JsonValueKind.Array ? found.EnumerateArray() : [];
    }
}
