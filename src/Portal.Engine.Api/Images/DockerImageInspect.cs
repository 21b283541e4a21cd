using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Images;

/// <summary>What <c>docker image inspect</c> prints for an image, for those who show it elsewhere.</summary>
public static class DockerImageInspect
{
    /// <summary>One JSON object, indented.</summary>
    public static string Format(ImageDetails image)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, IndentSize = 4, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            JsonSerializer.Serialize(writer, ImageViews.Inspect(image, ApiVersion.Newest), DockerJsonContext.Default.ImageInspectModel);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
