using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Json;

/// <summary>Reads and writes bodies as Go's <c>encoding/json</c> and Docker do.</summary>
internal static class DockerJson
{
    private const int MaxDepth = 32;
    private static readonly byte[] s_newLine = "\r\n"u8.ToArray();

    /// <summary>Reads a body that must be there.</summary>
    /// <exception cref="EngineException">InvalidArgument: another content type, no body, or not what is expected.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        return await TryReadAsync(context, type).ConfigureAwait(false)
            ?? throw EngineException.InvalidArgument("invalid JSON: got EOF while reading request body");
    }

    /// <summary>Reads a body, or gives null when there is none.</summary>
    public static async Task<T?> TryReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        if (body.Length == 0)
        {
            return null;
        }

        CheckContentType(context);
        try
        {
            // Bytes that are no UTF-8 are replaced, as Go does it.
            var node = JsonNode.Parse(
                Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length),
                documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });

            // In Go, null leaves any field as it is, numbers and lists alike; clients count on that.
            PruneNulls(node);
            return node switch
            {
                // Go clients send it where they have nothing to say.
                null => null,
                JsonObject => node.Deserialize(type),
                _ => throw EngineException.InvalidArgument("invalid JSON: expected an object"),
            };
        }
        catch (InvalidOperationException failure)
        {
            // Half of a surrogate pair, written as an escape.
            throw EngineException.InvalidArgument($"invalid JSON: {failure.Message}");
        }
    }

    public static async Task WriteAsync<T>(
        HttpContext context, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        var bytes = Serialize(value, type);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Writes one line of a stream of documents and sends it at once.</summary>
    public static async Task WriteLineAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        // In one piece, as each becomes a chunk: python3-docker takes one that holds the line's end alone for a broken document.
        byte[] line = [.. Serialize(value, type), .. s_newLine];
        await context.Response.Body.WriteAsync(line, context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Text stays readable, as <c>docker inspect</c> shows these bytes: the answer is JSON and never part of a page.</summary>
    public static byte[] Serialize<T>(T value, JsonTypeInfo<T> type)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        return stream.ToArray();
    }

    private static void CheckContentType(HttpContext context)
    {
        var type = context.Request.ContentType;
        var mediaType = type?.Split(';')[0].Trim();
        if (!string.IsNullOrEmpty(mediaType) && !mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw EngineException.InvalidArgument($"unsupported Content-Type header ({type}): must be 'application/json'");
        }
    }

    private static void PruneNulls(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            // Nobody means an item by null; handlers need not think of it.
            list.RemoveAll(item => item is null);
            foreach (var item in list)
            {
                PruneNulls(item);
            }

            return;
        }

        if (node is not JsonObject map)
        {
            return;
        }

        foreach (var name in map.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            map.Remove(name);
        }

        foreach (var (_, value) in map)
        {
            PruneNulls(value);
        }
    }
}
