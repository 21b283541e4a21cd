using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Engine.Builds.Execution.States;
using Portal.Engine.Content;

namespace Portal.Engine.Builds.Caching;

/// <summary>
/// The cache that travels in an image: a member of its configuration that tells for each step of the image its key, its time and which
/// layer it made. Whoever has the image has these layers too, so that nothing else need be pushed or pulled.
/// </summary>
/// <remarks>
/// What an image says is believed by the build alone that names it: kept for others, the author of an image could give any step of theirs
/// a result of his choice.
/// </remarks>
internal static class InlineCache
{
    /// <summary>The argument that asks for it, as in BuildKit.</summary>
    public const string Argument = "BUILDKIT_INLINE_CACHE";

    private const string Member = "portal.build.cache.v1";
    private const int MostSteps = 10_000;
    private const int KeyLength = 64;

    public static bool IsAskedBy(BuildRequest request) =>
        request.Arguments.GetValueOrDefault(Argument) is "1" or "true" or "TRUE" or "True";

    public static void Write(JsonObject configuration, StageState state)
    {
        var steps = new JsonArray();
        foreach (var record in state.Records)
        {
            var step = new JsonObject
            {
                ["key"] = record.Key,
                ["description"] = record.Description,
                ["created"] = StageState.Time(record.Created),
                ["size"] = record.Size,
            };
            if (record.ChainId is { } chainId)
            {
                step["layer"] = state.Layers.FindIndex(layer => layer.ChainId.ToString() == chainId);
            }

            steps.Add((JsonNode)step);
        }

        configuration[Member] = steps;
    }

    /// <summary>The records in a configuration; steps that are malformed are left out, as any other that is not known.</summary>
    /// <param name="configuration">The image's.</param>
    /// <param name="layers">The image's own layers, lowest first: a record can name no others.</param>
    public static IReadOnlyList<CacheRecord> Read(ReadOnlySpan<byte> configuration, IReadOnlyList<(Digest DiffId, Digest ChainId)> layers)
    {
        JsonNode? document;
        try
        {
            document = JsonNode.Parse(configuration, documentOptions: new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException)
        {
            return [];
        }

        return document is JsonObject root && root[Member] is JsonArray steps && steps.Count <= MostSteps
            ? [.. steps.Select(step => Read(step, layers)).OfType<CacheRecord>()]
            : [];
    }

    private static CacheRecord? Read(JsonNode? node, IReadOnlyList<(Digest DiffId, Digest ChainId)> layers)
    {
        if (node is not JsonObject step || Text(step, "key") is not { Length: KeyLength } key || !key.All(char.IsAsciiHexDigitLower)
            || !DateTimeOffset.TryParse(
                Text(step, "created"), System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.AssumeUniversal, out var created))
        {
            return null;
        }

        var record = new CacheRecord { Key = key, Description = Text(step, "description") ?? "", Created = created.ToUniversalTime() };
        if (step["layer"] is not { } given)
        {
            return record;
        }

        return given is JsonValue value && value.TryGetValue(out int layer) && layer >= 0 && layer < layers.Count
            ? record with
            {
                DiffId = layers[layer].DiffId.ToString(),
                ChainId = layers[layer].ChainId.ToString(),
                Size = step["size"] is JsonValue number && number.TryGetValue(out long size) && size > 0 ? size : 0,
            }
            : null;
    }

    private static string? Text(JsonObject step, string name) =>
        step[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
