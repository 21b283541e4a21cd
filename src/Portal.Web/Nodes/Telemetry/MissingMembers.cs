using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Portal.Web.Nodes.Telemetry;

/// <summary>
/// Finds what a message from a node must have and lacks. JSON puts null wherever a member is null or not there at all, whatever its
/// type says, and a null that gets past here fails in whichever page shows it.
/// </summary>
internal static class MissingMembers
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <returns>Where it lacks something, such as <c>containers[3].ports[0]</c>; null when all is there.</returns>
    public static string? Find(object? message) => Find(message, "");

    private static string? Find(object? value, string path)
    {
        switch (value)
        {
            case null:
                return path.Length == 0 ? "the message itself" : path;
            case string or ValueType:
                return null;
            case IDictionary pairs:
                return Find(pairs, path);
            case IEnumerable items:
                return Find(items, path);
            default:
                return FindInMembers(value, path);
        }
    }

    private static string? Find(IDictionary pairs, string path)
    {
        foreach (DictionaryEntry pair in pairs)
        {
            if (Find(pair.Value, $"{path}[\"{pair.Key}\"]") is { } missing)
            {
                return missing;
            }
        }

        return null;
    }

    private static string? Find(IEnumerable items, string path)
    {
        var index = 0;
        foreach (var item in items)
        {
            if (item is not string && Find(item, $"{path}[{index}]") is { } missing)
            {
                return missing;
            }

            index++;
        }

        return null;
    }

    private static string? FindInMembers(object value, string path)
    {
        foreach (var member in s_options.GetTypeInfo(value.GetType()).Properties)
        {
            var content = member.Get!(value);
            if (content is null && member.IsGetNullable)
            {
                continue;
            }

            // Most members are text and numbers: no path is made for those.
            if (content is not (string or ValueType)
                && Find(content, path.Length == 0 ? member.Name : $"{path}.{member.Name}") is { } missing)
            {
                return missing;
            }
        }

        return null;
    }
}
