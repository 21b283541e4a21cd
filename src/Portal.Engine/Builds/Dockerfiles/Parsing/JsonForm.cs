using System.Text.Json;
using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Dockerfiles.Parsing;

/// <summary>The exec form: a JSON array of strings. What is no JSON is the other form, as in Docker.</summary>
internal static class JsonForm
{
    /// <returns>The words, or null when the text is no JSON array.</returns>
    /// <exception cref="DockerfileSyntaxException">A JSON array that holds something else than strings.</exception>
    public static IReadOnlyList<string>? TryParse(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("["))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
            return [.. document.RootElement.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
                ? item.GetString()!
                : throw new DockerfileSyntaxException("when using JSON array syntax, arrays must be comprised of strings only"))];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
