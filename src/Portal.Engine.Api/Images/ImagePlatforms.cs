using System.Text.Json;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Images;

/// <summary>Platforms as queries give them: <c>linux/arm64/v8</c>, or the JSON form of newer clients.</summary>
internal static class ImagePlatforms
{
    public static ImagePlatform? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return text.StartsWith('{') ? ParseJson(text) : ParseWords(text);
    }

    /// <summary>True when an image serves who asks for a platform; a variant that was not asked for is no matter.</summary>
    public static bool Matches(ImagePlatform actual, string asked)
    {
        var wanted = Parse(asked)!;
        return wanted.Os == actual.Os
            && wanted.Architecture == actual.Architecture
            && (wanted.Variant is null || actual.Variant is null || wanted.Variant == actual.Variant);
    }

    private static ImagePlatform ParseWords(string text) => text.ToLowerInvariant().Split('/') switch
    {
        [{ Length: > 0 } os, { Length: > 0 } architecture] => new ImagePlatform(os, Canonical(architecture)),
        [{ Length: > 0 } os, { Length: > 0 } architecture, var variant] => new ImagePlatform(os, Canonical(architecture), variant),
        ["linux"] => throw Invalid(text),
        [{ Length: > 0 } architecture] => new ImagePlatform("linux", Canonical(architecture)),
        _ => throw Invalid(text),
    };

    private static ImagePlatform ParseJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4 });
            var root = document.RootElement;
            var variant = root.TryGetProperty("variant", out var value) ? value.GetString() : null;
            return new ImagePlatform(
                root.GetProperty("os").GetString()!,
                root.GetProperty("architecture").GetString()!,
                string.IsNullOrEmpty(variant) ? null : variant);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Invalid(text);
        }
    }

    private static string Canonical(string architecture) => architecture switch
    {
        "x86_64" or "x86-64" => "amd64",
        "aarch64" => "arm64",
        _ => architecture,
    };

    private static EngineException Invalid(string text) => EngineException.InvalidArgument($"\"{text}\": unknown operating system or architecture: invalid argument");
}
