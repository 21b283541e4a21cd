using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Routing;

/// <summary>
/// Docker's <c>filters</c> parameter: a JSON map of names to values, as lists (<c>{"status":["exited"]}</c>) or as
/// older clients write it (<c>{"status":{"exited":true}}</c>). Values of one name are alternatives.
/// </summary>
internal sealed class DockerFilters
{
    private const int MaxValues = 1000;
    private readonly Dictionary<string, List<string>> _values;

    private DockerFilters(Dictionary<string, List<string>> values)
    {
        _values = values;
    }

    /// <summary>Reads them, and refuses names that the resource does not know, as Docker does: a filter ignored would select too much.</summary>
    public static DockerFilters Read(HttpContext context, params ReadOnlySpan<string> known)
    {
        var text = context.Query("filters");
        var values = string.IsNullOrEmpty(text) ? [] : Parse(text);
        foreach (var name in values.Keys)
        {
            if (!known.Contains(name))
            {
                throw EngineException.InvalidArgument($"invalid filter '{name}'");
            }
        }

        return new DockerFilters(values);
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public IReadOnlyList<string> Values(string name) => _values.TryGetValue(name, out var values) ? values : [];

    /// <summary>True when the name is absent or one of its values fits.</summary>
    public bool Allows(string name, Func<string, bool> fits)
    {
        return !_values.TryGetValue(name, out var values) || values.Count == 0 || values.Exists(value => fits(value));
    }

    /// <summary>True when every value, <c>key</c> or <c>key=value</c>, is among the labels.</summary>
    public bool AllowsLabels(IReadOnlyDictionary<string, string> labels, string name = "label")
    {
        return Values(name).All(value => HasLabel(labels, value));
    }

    /// <summary>A flag such as <c>dangling</c>; null when absent.</summary>
    public bool? Flag(string name)
    {
        if (Values(name) is not [var value, ..])
        {
            return null;
        }

        return value.ToLowerInvariant() switch
        {
            "1" or "true" => true,
            "0" or "false" => false,
            _ => throw EngineException.InvalidArgument($"invalid filter '{name}={value}'"),
        };
    }

    private static bool HasLabel(IReadOnlyDictionary<string, string> labels, string value)
    {
        var equals = value.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? labels.ContainsKey(value)
            : labels.TryGetValue(value[..equals], out var actual) && actual == value[(equals + 1)..];
    }

    private static Dictionary<string, List<string>> Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4 });
            var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                values[member.Name] = ReadValues(member.Value);
            }

            return values;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw new EngineException(EngineErrorKind.InvalidArgument, "invalid filter: 'filters' is no JSON map of lists", failure);
        }
    }

    private static List<string> ReadValues(JsonElement element)
    {
        var values = element.ValueKind == JsonValueKind.Array
            ? element.EnumerateArray().Select(item => item.GetString() ?? "").Take(MaxValues + 1).ToList()
            : element.EnumerateObject().Where(item => item.Value.GetBoolean()).Select(item => item.Name).Take(MaxValues + 1).ToList();
        return values.Count <= MaxValues ? values : throw EngineException.InvalidArgument("invalid filter: too many values");
    }
}
