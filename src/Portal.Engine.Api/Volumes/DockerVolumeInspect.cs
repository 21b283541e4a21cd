using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portal.Engine.Api.Json;
using Portal.Engine.Volumes;

namespace Portal.Engine.Api.Volumes;

/// <summary>What <c>docker volume inspect</c> prints for a volume, for those who show it elsewhere.</summary>
public static class DockerVolumeInspect
{
    /// <summary>One JSON object, indented.</summary>
    public static string Format(VolumeInfo volume)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, IndentSize = 4, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            JsonSerializer.Serialize(writer, VolumeViews.Model(volume), DockerJsonContext.Default.VolumeModel);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
